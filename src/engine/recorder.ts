import type { Exchange } from '../model/exchange.ts'
import type { SampleColumns } from '../model/measurement.ts'
import { OUTCOMES, type Outcome } from '../model/outcome.ts'
import type { Slot } from '../model/sample.ts'
import type { Milliseconds } from '../model/units.ts'

/** Position in `OUTCOMES`. */
export const OUTCOME_INDEX = Object.fromEntries(
  OUTCOMES.map((outcome, index) => [outcome, index]),
) as Record<Outcome, number>

/** Where a sample belongs besides its slot. */
export interface SamplePlace {
  readonly round: number
  /** Undefined in a closed loop. */
  readonly intendedAt: Milliseconds | undefined
}

export interface Recorder {
  record(slot: Slot, exchange: Exchange, place: SamplePlace): void
  /** Says afterwards what a row's verdict rests on: a number from 1. */
  judge(row: number, ground: number): void
  /** The rows recorded so far, as views on the columns. */
  columns(): SampleColumns
}

/** Records up to `capacity` samples. Columns are allocated whole, ahead: growing would copy within the hot path. */
export function createRecorder(capacity: number): Recorder {
  const columns = allocateColumns(capacity)
  const { verdict } = columns
  let length = 0
  return {
    record(slot, exchange, { round, intendedAt }) {
      if (length === capacity) throw new Error(`recorder is full: ${capacity} samples`)
      columns.sequence[length] = slot.sequence
      columns.promptIndex[length] = slot.promptIndex
      columns.round[length] = round
      columns.outcome[length] = OUTCOME_INDEX[exchange.outcome]
      columns.status[length] = exchange.status ?? 0
      columns.intendedAt[length] = intendedAt ?? Number.NaN
      columns.sentAt[length] = exchange.sentAt
      columns.firstByteAt[length] = exchange.firstByteAt ?? Number.NaN
      columns.endedAt[length] = exchange.endedAt
      columns.reused[length] = exchange.reused ? 1 : 0
      columns.connectMs[length] = exchange.connectMs
      columns.bodyBytes[length] = exchange.bodyBytes
      length += 1
    },
    judge(row, ground) {
      verdict[row] = ground
    },
    columns: () => sliceColumns(columns, 0, length),
  }
}

function allocateColumns(capacity: number): Required<SampleColumns> {
  return {
    length: capacity,
    sequence: new Uint32Array(capacity),
    promptIndex: new Uint32Array(capacity),
    round: new Uint16Array(capacity),
    outcome: new Uint8Array(capacity),
    status: new Uint16Array(capacity),
    intendedAt: new Float64Array(capacity),
    sentAt: new Float64Array(capacity),
    firstByteAt: new Float64Array(capacity),
    endedAt: new Float64Array(capacity),
    reused: new Uint8Array(capacity),
    connectMs: new Float64Array(capacity),
    bodyBytes: new Float64Array(capacity),
    verdict: new Uint16Array(capacity),
  }
}

/** Rows `start` to `end` as views on the same memory. */
function sliceColumns(columns: Required<SampleColumns>, start: number, end: number): SampleColumns {
  return {
    length: end - start,
    sequence: columns.sequence.subarray(start, end),
    promptIndex: columns.promptIndex.subarray(start, end),
    round: columns.round.subarray(start, end),
    outcome: columns.outcome.subarray(start, end),
    status: columns.status.subarray(start, end),
    intendedAt: columns.intendedAt.subarray(start, end),
    sentAt: columns.sentAt.subarray(start, end),
    firstByteAt: columns.firstByteAt.subarray(start, end),
    endedAt: columns.endedAt.subarray(start, end),
    reused: columns.reused.subarray(start, end),
    connectMs: columns.connectMs.subarray(start, end),
    bodyBytes: columns.bodyBytes.subarray(start, end),
    verdict: columns.verdict.subarray(start, end),
  }
}
