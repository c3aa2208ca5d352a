import type { Endpoint } from './endpoint.ts'
import type { Level } from './level.ts'
import type { Milliseconds } from './units.ts'

/** What each request asks of the model. Names as in the specification's result file, in camel case. */
export interface RequestSpec {
  readonly model: string
  readonly system: string
  readonly prompt: string
  readonly temperature: number
  readonly maxTokens: number
  /** Answers are asked for as streams; absent where they are not. */
  readonly stream?: boolean | undefined
  /** `ignore_eos` is sent. */
  readonly ignoreEos?: boolean | undefined
  /** The distributions that lengths are drawn from, as the flags gave them. */
  readonly outputTokens?: string | undefined
  readonly inputTokens?: string | undefined
}

/**
 * How the endpoints take turns at a level:
 *
 * - `rounds` short blocks in turn, ABBA with a random first arm
 * - `paired` the same prompt to each endpoint back to back, in random order
 * - `concurrent` all at once, the concurrency shared out
 * - `sequential` each to its end before the next, as the specification's script does
 */
export const ORDERS = ['rounds', 'paired', 'concurrent', 'sequential'] as const

export type Order = (typeof ORDERS)[number]

export const ARRIVALS = ['poisson', 'constant'] as const

/** How arrivals of an open loop are spaced. */
export type Arrival = (typeof ARRIVALS)[number]

/** What will be run, fully resolved. Holds no secret: headers and token go to the transport only. */
export interface Plan {
  readonly endpoints: readonly Endpoint[]
  /** In the order in which they run. */
  readonly levels: readonly Level[]
  /** Requests per endpoint and level, over all rounds. */
  readonly requests: number
  readonly promptCount: number
  readonly order: Order
  /** Rounds a level; `undefined` chooses by the number of requests. */
  readonly rounds: number | undefined
  /** Spacing of arrivals at levels with a rate. */
  readonly arrival: Arrival
  /** Upper bound of the random pause before each request; closed loop only. */
  readonly jitterMs: Milliseconds
  readonly seed: number
  /** Requests per endpoint and level sent first and not counted; `undefined` for one full wave of the concurrency. */
  readonly warmupRequests: number | undefined
  /** Each request carries a `traceparent` whose ids follow from this key; absent where none does. */
  readonly traceKey?: string | undefined
}
