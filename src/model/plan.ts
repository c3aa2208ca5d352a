import type { Endpoint } from './endpoint.ts'
import type { Milliseconds } from './units.ts'

/** What each request asks of the model. Names as in the specification's result file, in camel case. */
export interface RequestSpec {
  readonly model: string
  readonly system: string
  readonly prompt: string
  readonly temperature: number
  readonly maxTokens: number
}

/** What will be run, fully resolved. Holds no secret: headers and token go to the transport only. */
export interface Plan {
  readonly endpoints: readonly Endpoint[]
  /** Levels of a closed loop, requests in flight, in the order in which they run. */
  readonly concurrencies: readonly number[]
  /** Requests per endpoint and level. */
  readonly requests: number
  readonly promptCount: number
  /** Upper bound of the random pause before each request. */
  readonly jitterMs: Milliseconds
  readonly seed: number
  /** Requests per endpoint and level sent first and not counted; `undefined` for one full wave of the concurrency. */
  readonly warmupRequests: number | undefined
}
