import type { Ground } from './ground.ts'
import type { Level } from './level.ts'
import type { Outcome } from './outcome.ts'
import type { ResponseFacts } from './response-facts.ts'
import type { StreamColumns } from './stream.ts'
import type { Milliseconds } from './units.ts'

/**
 * Samples as columns, one row a request, in the order in which they ended. Raw values and not a histogram,
 * because a histogram's buckets swallow the very milliseconds we look for; columns and not objects, because
 * a million objects take 138 MB and their collection shows up as latency.
 */
export interface SampleColumns {
  readonly length: number
  /** Position among the endpoint's requests at the level, over all rounds: equal sequences carry equal prompts. */
  readonly sequence: Uint32Array
  readonly promptIndex: Uint32Array
  /** The round in which the request was sent, from 0. */
  readonly round: Uint16Array
  /** Index into `OUTCOMES`. */
  readonly outcome: Uint8Array
  /** HTTP status, 0 where no response head was read. */
  readonly status: Uint16Array
  /** When an open loop meant to send; NaN in a closed loop, which has no such intention. */
  readonly intendedAt: Float64Array
  readonly sentAt: Float64Array
  /** NaN where no byte came. */
  readonly firstByteAt: Float64Array
  readonly endedAt: Float64Array
  /** 1 on a connection that was already open, 0 on one opened for this request. */
  readonly reused: Uint8Array
  readonly connectMs: Float64Array
  readonly bodyBytes: Float64Array
  /** Which of the measurement's `grounds`, from 1; 0 where the reply was not judged. */
  readonly verdict?: Uint16Array
}

/** An error as a person reads it, with how often it occurred. */
export interface ErrorExample {
  readonly outcome: Outcome
  readonly status: number | undefined
  /** Redacted, at most 300 characters, one line. */
  readonly message: string
}

/** How hard the client itself worked while a block ran; of several client workers, the hardest working one. */
export interface ClientLoad {
  readonly round: number
  /** Lateness of the event loop, 99th percentile, ms. */
  readonly loopDelayP99Ms: Milliseconds
  /** CPU time over wall time, 1 is one core; of a client worker, the time that its event loop was not idle. */
  readonly cpuShare: number
}

/** The samples of one endpoint at one level. */
export interface Measurement {
  readonly endpoint: string
  readonly url: string
  readonly level: Level
  /** Requests that were to be sent; fewer were when `partial`. */
  readonly planned: number
  /** Rounds that began; 1 where the endpoint was measured in one piece. */
  readonly rounds: number
  readonly samples: SampleColumns
  /** Row by row beside the samples, where streams were read. */
  readonly stream?: StreamColumns | undefined
  /** At most 5, the first of each different message. */
  readonly errorExamples: readonly ErrorExample[]
  /** One a round. */
  readonly clientLoads: readonly ClientLoad[]
  /** Of up to some 200 answers, spread over the level. */
  readonly facts: readonly ResponseFacts[]
  /** Open loop: arrivals that waited because the most requests were in flight. */
  readonly heldBack: number
  /** What the judged samples' verdicts rest on, by number; absent where none was judged. */
  readonly grounds?: readonly Ground[]
  /** Stopped before all planned requests were sent. */
  readonly partial: boolean
}
