import type { Exchange } from '../../model/exchange.ts'
import { OUTCOMES } from '../../model/outcome.ts'
import type { Slot } from '../../model/sample.ts'
import type { Milliseconds } from '../../model/units.ts'
import type { SampleSink } from '../arm.ts'
import { OUTCOME_INDEX, type SamplePlace } from '../recorder.ts'
import { readStreamRow, StreamRows } from './stream-rows.ts'

/** Rows of a full batch: 100 kB, which at 50,000 requests a second is 50 messages. */
export const BATCH_ROWS = 1024

/** Numbers of a row; `endedAt` first, because rows are merged by it. */
const WIDTH = 14

/** Different failures of an arm at a level that are sent as examples: the receiver keeps a few of all workers'. */
const MOST_FAILURES = 20

/** Samples on their way to the thread that keeps them, in the order in which they ended. */
export interface SampleBatch {
  readonly rows: Float64Array<ArrayBuffer>
  readonly count: number
  /** What rows with a stream name a place in. */
  readonly streams: Float64Array<ArrayBuffer>
  /** No sample of a later batch ended before this. */
  readonly until: Milliseconds
  readonly failures: readonly { readonly arm: number; readonly exchange: Exchange }[]
}

/** One sample of a batch. */
export interface SampleRow {
  /** Position of its endpoint in the plan. */
  readonly arm: number
  readonly slot: Slot
  readonly exchange: Exchange
  readonly place: SamplePlace
}

/** Gathers samples into batches: a message for each of 50,000 a second would cost more than sending the requests. */
export class SampleBatcher {
  private readonly rows = new Float64Array(BATCH_ROWS * WIDTH)
  private count = 0
  private readonly streams = new StreamRows()
  private failures: SampleBatch['failures'][number][] = []
  private readonly known = new Map<number, Set<string>>()
  private readonly now: () => Milliseconds
  private readonly post: (batch: SampleBatch) => void

  constructor(now: () => Milliseconds, post: (batch: SampleBatch) => void) {
    this.now = now
    this.post = post
  }

  /** Where the samples of the endpoint at this position go. */
  sinkOf(arm: number): SampleSink {
    return {
      record: (slot, exchange, place) => {
        writeRow(this.rows, this.count * WIDTH, { arm, slot, exchange, place })
        const { stream } = exchange
        this.rows[this.count * WIDTH + 13] =
          stream === undefined ? Number.NaN : this.streams.add(stream)
        this.count += 1
        if (this.count === BATCH_ROWS) this.send(exchange.endedAt)
      },
      addFailure: (exchange) => this.addFailure(arm, exchange),
    }
  }

  /** Sends what there is; an empty batch says that nothing ended until now. */
  flush(): void {
    this.send(this.now())
  }

  private send(until: Milliseconds): void {
    const { count, failures } = this
    const rows = this.rows.slice(0, count * WIDTH)
    this.count = 0
    this.failures = []
    this.post({ rows, count, streams: this.streams.take(), until, failures })
  }

  private addFailure(arm: number, exchange: Exchange): void {
    const known = this.known.get(arm) ?? new Set()
    this.known.set(arm, known)
    const { outcome, status, error, errorBody } = exchange
    const key = `${outcome} ${status ?? ''} ${error ?? errorBody ?? ''}`
    if (known.size >= MOST_FAILURES || known.has(key)) return
    known.add(key)
    this.failures.push({ arm, exchange })
  }
}

function writeRow(
  rows: Float64Array,
  start: number,
  { arm, slot, exchange, place }: SampleRow,
): void {
  rows[start] = exchange.endedAt
  rows[start + 1] = arm
  rows[start + 2] = slot.sequence
  rows[start + 3] = slot.promptIndex
  rows[start + 4] = place.round
  rows[start + 5] = place.intendedAt ?? Number.NaN
  rows[start + 6] = OUTCOME_INDEX[exchange.outcome]
  rows[start + 7] = exchange.status ?? Number.NaN
  rows[start + 8] = exchange.sentAt
  rows[start + 9] = exchange.firstByteAt ?? Number.NaN
  rows[start + 10] = exchange.reused ? 1 : 0
  rows[start + 11] = exchange.connectMs
  rows[start + 12] = exchange.bodyBytes
}

/** The row at `index`: what a recorder takes of a sample, without texts. */
export function readRow({ rows, streams }: SampleBatch, index: number): SampleRow {
  const at = (column: number) => rows[index * WIDTH + column] ?? Number.NaN
  const orNone = (column: number) => (Number.isNaN(at(column)) ? undefined : at(column))
  const outcome = OUTCOMES[at(6)]
  const stream = orNone(13)
  if (outcome === undefined) throw new Error(`no outcome ${at(6)} in row ${index} of a batch`)
  return {
    arm: at(1),
    slot: { sequence: at(2), promptIndex: at(3), delayMs: 0 },
    exchange: {
      outcome,
      status: orNone(7),
      sentAt: at(8),
      firstByteAt: orNone(9),
      endedAt: at(0),
      reused: at(10) === 1,
      connectMs: at(11),
      bodyBytes: at(12),
      stream: stream === undefined ? undefined : readStreamRow(streams, stream),
    },
    place: { round: at(4), intendedAt: orNone(5) },
  }
}

export function endOfRow({ rows }: SampleBatch, index: number): Milliseconds {
  return rows[index * WIDTH] ?? Number.NaN
}
