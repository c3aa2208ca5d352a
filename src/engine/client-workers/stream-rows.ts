import { FINISH_REASONS, type StreamFacts } from '../../model/stream.ts'

/** Numbers of a stream in a row of a batch, before its gaps. */
const WIDTH = 17

/** The streams of a batch as numbers, one after the other: as long as its gaps are many, so rows name their place. */
export class StreamRows {
  private numbers: number[] = []

  /** Returns where the stream begins. */
  add(facts: StreamFacts): number {
    const start = this.numbers.length
    this.numbers.push(
      facts.firstChunkAt ?? Number.NaN,
      facts.firstTokenAt ?? Number.NaN,
      facts.lastTokenAt ?? Number.NaN,
      facts.chunks,
      facts.reads,
      facts.contentReads,
      facts.largestRead,
      facts.inputTokens ?? Number.NaN,
      facts.outputTokens ?? Number.NaN,
      facts.cachedTokens,
      FINISH_REASONS.indexOf(facts.finishReason),
      facts.flags,
      facts.contentLength,
      facts.reasoningLength,
      facts.contentHash,
      facts.lettersHash,
      facts.gapsMs.length,
    )
    for (const gap of facts.gapsMs) this.numbers.push(gap)
    return start
  }

  /** All that was added since the last call. */
  take(): Float64Array<ArrayBuffer> {
    const taken = new Float64Array(this.numbers)
    this.numbers = []
    return taken
  }
}

/** The stream that begins at `start`. */
export function readStreamRow(numbers: Float64Array, start: number): StreamFacts {
  const at = (column: number) => numbers[start + column] ?? Number.NaN
  const orNone = (column: number) => (Number.isNaN(at(column)) ? undefined : at(column))
  const gaps = numbers.subarray(start + WIDTH, start + WIDTH + at(WIDTH - 1))
  return {
    firstChunkAt: orNone(0),
    firstTokenAt: orNone(1),
    lastTokenAt: orNone(2),
    chunks: at(3),
    reads: at(4),
    contentReads: at(5),
    largestRead: at(6),
    inputTokens: orNone(7),
    outputTokens: orNone(8),
    cachedTokens: at(9),
    finishReason: FINISH_REASONS[at(10)] ?? 'other',
    flags: at(11),
    contentLength: at(12),
    reasoningLength: at(13),
    contentHash: at(14),
    lettersHash: at(15),
    gapsMs: Array.from(gaps),
  }
}
