import type { Budgets, BudgetMetric, Slo } from './budget.ts'
import type { Measurement } from './measurement.ts'
import type { Plan, RequestSpec } from './plan.ts'
import type { ProcessUsage } from './process-usage.ts'
import type { CancelAfter } from './stream.ts'
import type { Label } from './prompt.ts'
import type { UpstreamArrival } from './upstream-arrival.ts'
import type { Warning } from './warning.ts'

/** What analysis has to know besides the samples. */
export interface AnalysisSettings {
  readonly slo: Slo | undefined
  readonly budgets: Budgets
  /** The one metric that significance is about. */
  readonly primaryMetric: BudgetMetric
  /** Whether the p-values are printed. */
  readonly pValues: boolean
  readonly untilHalfWidthMs: number | undefined
  readonly keepAlive: boolean
  readonly selfWarmup: boolean
  /** When the client ended its streams on purpose. */
  readonly cancelAfter?: CancelAfter | undefined
}

/** Which prompts a run cycled through. */
export interface DatasetUse {
  readonly file: string | null
  readonly suite: string | null
  readonly label: string
  readonly categoryContains: readonly string[]
  readonly subcategoryContains: readonly string[]
  readonly limit: number
  readonly shuffleSeed: number
  /** Prompts selected. */
  readonly selected: number
  /** Bad rows left out; absent in run files from before they were counted. */
  readonly skippedInvalid?: number
  /** Rows left out because an earlier one sends the same; absent likewise. */
  readonly duplicatesRemoved?: number
}

/** What the requests are made of, as far as two runs have to agree in it; their text can not be told from it. */
export interface RequestIdentity {
  /** SHA-256 of the selected prompts in their order, the first 16 hex digits. */
  readonly promptsHash: string
  /** Fields of the bodies besides `model`, `messages`, `temperature` and `max_tokens`, in the order of the alphabet. */
  readonly bodyFields: readonly string[]
  /** SHA-256 of those fields' values, likewise; absent without any. */
  readonly bodyHash?: string | undefined
}

/** What a run is, known before its first request. Holds no secret; URLs are redacted. */
export interface RunHead {
  readonly tool: { readonly name: 'llmtrace-bench'; readonly version: string }
  /** ISO 8601, UTC. */
  readonly startedAt: string
  /** Unix time in ms of instant 0 of the samples; absent in run files from before it was kept. */
  readonly clockZeroAt?: number | undefined
  readonly node: string
  readonly platform: string
  readonly client: 'lean' | 'undici'
  /** Threads that shared out the sending; absent where one thread did all. */
  readonly clientWorkers?: number | undefined
  readonly plan: Plan
  readonly spec: RequestSpec
  readonly hasToken: boolean
  readonly agentId: string | undefined
  readonly dataset: DatasetUse | undefined
  /** Absent in run files from before it was kept. */
  readonly request?: RequestIdentity | undefined
  /** By `promptIndex`; absent without a dataset. */
  readonly promptLabels?: readonly (Label | null)[] | undefined
  readonly settings: AnalysisSettings
}

/** A whole run: everything that a report is computed from. */
export interface RunRecord extends RunHead {
  /** Level by level, one an endpoint, in the plan's order. */
  readonly measurements: readonly Measurement[]
  /** Stopped early. */
  readonly partial: boolean
  /** Of servers that were started for the run; absent where none was. */
  readonly processes?: readonly ProcessUsage[] | undefined
  /** What the server behind the proxy saw; only where its log was read. */
  readonly upstream?: readonly UpstreamArrival[] | undefined
  /** What went wrong around the measuring, such as a full disk. */
  readonly incidents: readonly Warning[]
}
