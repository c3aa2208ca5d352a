import type { Measurement } from '../model/measurement.ts'
import { OUTCOMES } from '../model/outcome.ts'
import { hasFlag, type StreamColumns } from '../model/stream.ts'
import type { Milliseconds } from '../model/units.ts'
import { isAnswered } from './answered.ts'
import { begunAt, isOk } from './latencies.ts'

/** A measurement whose streams were read. */
export type StreamedMeasurement = Measurement & { readonly stream: StreamColumns }

export function isStreamed(measurement: Measurement): measurement is StreamedMeasurement {
  return measurement.stream !== undefined
}

/** One streamed answer after the other, as metrics look at them: a place in the columns, not an object each. */
export class StreamAnswer {
  row = -1
  private gapsStart = 0
  private gapsEnd = 0
  private readonly measurement: Measurement
  private readonly stream: StreamColumns

  constructor(measurement: Measurement, stream: StreamColumns) {
    this.measurement = measurement
    this.stream = stream
  }

  /** Goes on to the next row; false after the last. */
  next(): boolean {
    this.row += 1
    this.gapsStart = this.gapsEnd
    this.gapsEnd += Math.max(0, this.chunks - 1)
    return this.row < this.stream.length
  }

  get isOk(): boolean {
    return isOk(this.measurement, this.row)
  }

  /** Ok, and no block: what a proxy refuses is no stream of the model. */
  get isAnswered(): boolean {
    return isAnswered(this.measurement, this.row)
  }

  get cancelledAsAsked(): boolean {
    return hasFlag(this.flags, 'cancelledAsAsked')
  }

  get sequence(): number {
    return this.measurement.samples.sequence[this.row] ?? 0
  }

  get round(): number {
    return this.measurement.samples.round[this.row] ?? 0
  }

  get begunAt(): Milliseconds {
    return begunAt(this.measurement, this.row)
  }

  get endedAt(): Milliseconds {
    return this.measurement.samples.endedAt[this.row] ?? 0
  }

  get firstByteAt(): Milliseconds | undefined {
    return known(this.measurement.samples.firstByteAt[this.row])
  }

  get firstChunkAt(): Milliseconds | undefined {
    return known(this.stream.firstChunkAt[this.row])
  }

  get firstTokenAt(): Milliseconds | undefined {
    return known(this.stream.firstTokenAt[this.row])
  }

  get lastTokenAt(): Milliseconds | undefined {
    return known(this.stream.lastTokenAt[this.row])
  }

  get chunks(): number {
    return this.stream.chunks[this.row] ?? 0
  }

  get inputTokens(): number | undefined {
    return known(this.stream.inputTokens[this.row])
  }

  get outputTokens(): number | undefined {
    return known(this.stream.outputTokens[this.row])
  }

  get gapsMs(): Float32Array {
    return this.stream.gapsMs.subarray(this.gapsStart, this.gapsEnd)
  }

  get promptIndex(): number {
    return this.measurement.samples.promptIndex[this.row] ?? 0
  }

  /** How the request ended; an index into `OUTCOMES`. */
  get outcome(): number {
    return this.measurement.samples.outcome[this.row] ?? 0
  }

  get contentReads(): number {
    return this.stream.contentReads[this.row] ?? 0
  }

  /** An index into `FINISH_REASONS`. */
  get finishReason(): number {
    return this.stream.finishReason[this.row] ?? 0
  }

  get contentHash(): number {
    return this.stream.contentHash[this.row] ?? 0
  }

  get lettersHash(): number {
    return this.stream.lettersHash[this.row] ?? 0
  }

  get flags(): number {
    return this.stream.flags[this.row] ?? 0
  }
}

const TRUNCATED = OUTCOMES.indexOf('truncated')

/** Whether an answer began as one and came to its end without us: read whole, or broken off by the other side. */
export function isEnded(answer: StreamAnswer): boolean {
  return answer.isAnswered || answer.outcome === TRUNCATED
}

function known(value: number | undefined): number | undefined {
  return value === undefined || Number.isNaN(value) ? undefined : value
}
