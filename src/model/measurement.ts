import type { Outcome } from './outcome.ts'
import type { Milliseconds } from './units.ts'

/**
 * Samples as columns, one row a request, in the order in which they ended. Raw values and not a histogram,
 * because a histogram's buckets swallow the very milliseconds we look for; columns and not objects, because
 * a million objects take 138 MB and their collection shows up as latency.
 */
export interface SampleColumns {
  readonly length: number
  readonly sequence: Uint32Array
  readonly promptIndex: Uint32Array
  /** Index into `OUTCOMES`. */
  readonly outcome: Uint8Array
  /** HTTP status, 0 where no response head was read. */
  readonly status: Uint16Array
  readonly sentAt: Float64Array
  /** NaN where no byte came. */
  readonly firstByteAt: Float64Array
  readonly endedAt: Float64Array
  /** 1 on a connection that was already open, 0 on one opened for this request. */
  readonly reused: Uint8Array
  readonly connectMs: Float64Array
  readonly bodyBytes: Float64Array
}

/** An error as a person reads it, with how often it occurred. */
export interface ErrorExample {
  readonly outcome: Outcome
  readonly status: number | undefined
  /** Redacted, at most 300 characters, one line. */
  readonly message: string
}

/** The samples of one endpoint at one level. */
export interface Measurement {
  readonly endpoint: string
  readonly url: string
  readonly concurrency: number
  /** Requests that were to be sent; fewer were when `partial`. */
  readonly planned: number
  readonly samples: SampleColumns
  /** First send to last end, on the monotonic clock. */
  readonly durationMs: Milliseconds
  /** At most 5, the first of each different message. */
  readonly errorExamples: readonly ErrorExample[]
  /** Stopped before all planned requests were sent. */
  readonly partial: boolean
}
