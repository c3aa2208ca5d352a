import {
  FINISH_REASONS,
  type FinishReason,
  type StreamColumns,
  type StreamFacts,
} from '../model/stream.ts'

/** Position in `FINISH_REASONS`. */
const REASON_INDEX = Object.fromEntries(
  FINISH_REASONS.map((reason, index) => [reason, index]),
) as Record<FinishReason, number>

type RowColumns = Omit<StreamColumns, 'length' | 'gapsMs'>

/** Room for gaps at the start, in gaps a request: grown by doubling, which happens a few times a level. */
const FIRST_GAPS = 16

/** Records the streams of up to `capacity` samples, one row each in the samples' order. */
export class StreamRecorder {
  private readonly rows: RowColumns
  private gaps: Float32Array
  private gapCount = 0
  private length = 0

  /** `skipped` rows come before the first stream. */
  constructor(capacity: number, skipped: number) {
    this.rows = allocateRows(capacity)
    this.gaps = new Float32Array(Math.max(64, capacity * FIRST_GAPS))
    for (let row = 0; row < skipped; row += 1) this.record(undefined)
  }

  record(facts: StreamFacts | undefined): void {
    const { rows, length } = this
    rows.firstChunkAt[length] = facts?.firstChunkAt ?? Number.NaN
    rows.firstTokenAt[length] = facts?.firstTokenAt ?? Number.NaN
    rows.lastTokenAt[length] = facts?.lastTokenAt ?? Number.NaN
    rows.inputTokens[length] = facts?.inputTokens ?? Number.NaN
    rows.outputTokens[length] = facts?.outputTokens ?? Number.NaN
    this.length += 1
    if (facts === undefined) return
    rows.chunks[length] = facts.chunks
    rows.reads[length] = facts.reads
    rows.contentReads[length] = facts.contentReads
    rows.largestRead[length] = facts.largestRead
    rows.finishReason[length] = REASON_INDEX[facts.finishReason]
    rows.flags[length] = facts.flags
    rows.contentLength[length] = facts.contentLength
    rows.contentHash[length] = facts.contentHash
    rows.lettersHash[length] = facts.lettersHash
    this.addGaps(facts.gapsMs)
  }

  /** What was recorded so far, as views. */
  columns(): StreamColumns {
    const { rows, length } = this
    return {
      length,
      firstChunkAt: rows.firstChunkAt.subarray(0, length),
      firstTokenAt: rows.firstTokenAt.subarray(0, length),
      lastTokenAt: rows.lastTokenAt.subarray(0, length),
      chunks: rows.chunks.subarray(0, length),
      reads: rows.reads.subarray(0, length),
      contentReads: rows.contentReads.subarray(0, length),
      largestRead: rows.largestRead.subarray(0, length),
      inputTokens: rows.inputTokens.subarray(0, length),
      outputTokens: rows.outputTokens.subarray(0, length),
      finishReason: rows.finishReason.subarray(0, length),
      flags: rows.flags.subarray(0, length),
      contentLength: rows.contentLength.subarray(0, length),
      contentHash: rows.contentHash.subarray(0, length),
      lettersHash: rows.lettersHash.subarray(0, length),
      gapsMs: this.gaps.subarray(0, this.gapCount),
    }
  }

  private addGaps(gapsMs: readonly number[]): void {
    const needed = this.gapCount + gapsMs.length
    if (needed > this.gaps.length) {
      const larger = new Float32Array(Math.max(needed, this.gaps.length * 2))
      larger.set(this.gaps)
      this.gaps = larger
    }
    this.gaps.set(gapsMs, this.gapCount)
    this.gapCount = needed
  }
}

function allocateRows(capacity: number): RowColumns {
  return {
    firstChunkAt: new Float64Array(capacity),
    firstTokenAt: new Float64Array(capacity),
    lastTokenAt: new Float64Array(capacity),
    chunks: new Uint32Array(capacity),
    reads: new Uint32Array(capacity),
    contentReads: new Uint32Array(capacity),
    largestRead: new Uint32Array(capacity),
    inputTokens: new Float64Array(capacity),
    outputTokens: new Float64Array(capacity),
    finishReason: new Uint8Array(capacity),
    flags: new Uint32Array(capacity),
    contentLength: new Uint32Array(capacity),
    contentHash: new Uint32Array(capacity),
    lettersHash: new Uint32Array(capacity),
  }
}
