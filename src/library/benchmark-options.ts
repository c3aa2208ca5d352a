import type { ProgressStep } from '../engine/run-plan.ts'
import type { Budgets, Slo } from '../model/budget.ts'
import type { Level } from '../model/level.ts'
import type { Arrival, Order } from '../model/plan.ts'
import type { Prompt } from '../model/prompt.ts'
import type { Result } from '../model/result.ts'

/** A route under test, with what only the client may know. */
export interface BenchmarkEndpoint {
  readonly name: string
  /** Absolute http(s) URL of the chat-completions resource. */
  readonly url: string
  /** Sent as a bearer token; never part of what comes back. */
  readonly token?: string
  readonly headers?: readonly (readonly [name: string, value: string])[]
}

/** What is measured, and how. All but endpoints and model have the defaults of the command. */
export interface BenchmarkOptions {
  /** The first is what the others are compared with. */
  readonly endpoints: readonly BenchmarkEndpoint[]
  readonly model: string
  /** Texts, or prompts as a dataset has them; one short question by default. */
  readonly prompts?: readonly (string | Prompt)[]
  readonly system?: string
  readonly temperature?: number
  readonly maxTokens?: number
  /** Ask for streams, and read what only they tell. */
  readonly stream?: boolean
  /** Fields added to each body. */
  readonly body?: Readonly<Record<string, unknown>>
  /** Loads, in the order in which they are offered; ten requests in flight by default. */
  readonly levels?: readonly Level[]
  /** Per endpoint and level. */
  readonly requests?: number
  readonly order?: Order
  readonly rounds?: number
  readonly arrival?: Arrival
  readonly seed?: number
  /** Sent first and not counted, per endpoint and level; a wave of the concurrency by default. */
  readonly warmupRequests?: number
  /** How long the client warms itself up against a null server in this process; 2000 ms by default, 0 for not at all. */
  readonly selfWarmupMs?: number
  readonly timeoutMs?: number
  readonly keepAlive?: boolean
  /** Accept any TLS certificate. */
  readonly insecure?: boolean
  /** Tell blocks from answers; true by default. */
  readonly verdicts?: boolean
  /** Rules as those of `--blocked-when`. */
  readonly blockedWhen?: readonly string[]
  readonly slo?: Slo
  readonly budgets?: Partial<Budgets>
  /** Ends the run early; what was measured by then comes back, marked partial. */
  readonly signal?: AbortSignal
  /** Called for each request that ended: between two sends, so it has to be quick. */
  readonly onProgress?: (step: ProgressStep) => void
  /** Called with the result of a level when it is done. */
  readonly onLevel?: (result: Result, level: Level) => void
}
