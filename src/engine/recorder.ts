import type { Exchange } from '../model/exchange.ts'
import type { SampleColumns } from '../model/measurement.ts'
import { OUTCOMES, type Outcome } from '../model/outcome.ts'
import type { Slot } from '../model/sample.ts'

const OUTCOME_INDEX = Object.fromEntries(
  OUTCOMES.map((outcome, index) => [outcome, index]),
) as Record<Outcome, number>

interface Recorder {
  record(slot: Slot, exchange: Exchange): void
  /** The rows recorded so far, as views on the columns. */
  columns(): SampleColumns
}

/** Records up to `capacity` samples. Columns are allocated whole, ahead: growing would copy within the hot path. */
export function createRecorder(capacity: number): Recorder {
  const sequence = new Uint32Array(capacity)
  const promptIndex = new Uint32Array(capacity)
  const outcome = new Uint8Array(capacity)
  const status = new Uint16Array(capacity)
  const sentAt = new Float64Array(capacity)
  const firstByteAt = new Float64Array(capacity)
  const endedAt = new Float64Array(capacity)
  const reused = new Uint8Array(capacity)
  const connectMs = new Float64Array(capacity)
  const bodyBytes = new Float64Array(capacity)
  let length = 0
  return {
    record(slot, exchange) {
      if (length === capacity) throw new Error(`recorder is full: ${capacity} samples`)
      sequence[length] = slot.sequence
      promptIndex[length] = slot.promptIndex
      outcome[length] = OUTCOME_INDEX[exchange.outcome]
      status[length] = exchange.status ?? 0
      sentAt[length] = exchange.sentAt
      firstByteAt[length] = exchange.firstByteAt ?? Number.NaN
      endedAt[length] = exchange.endedAt
      reused[length] = exchange.reused ? 1 : 0
      connectMs[length] = exchange.connectMs
      bodyBytes[length] = exchange.bodyBytes
      length += 1
    },
    columns: () => ({
      length,
      sequence: sequence.subarray(0, length),
      promptIndex: promptIndex.subarray(0, length),
      outcome: outcome.subarray(0, length),
      status: status.subarray(0, length),
      sentAt: sentAt.subarray(0, length),
      firstByteAt: firstByteAt.subarray(0, length),
      endedAt: endedAt.subarray(0, length),
      reused: reused.subarray(0, length),
      connectMs: connectMs.subarray(0, length),
      bodyBytes: bodyBytes.subarray(0, length),
    }),
  }
}
