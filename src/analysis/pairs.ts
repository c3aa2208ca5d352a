import type { Measurement } from '../model/measurement.ts'
import { isAnswered, isRefused } from './answered.ts'
import { latencyOf } from './latencies.ts'

/** Sequences, as marks in an array: a Set of a million of them took a fifth of a report's time. */
export class SequenceSet {
  private readonly marks: Uint8Array
  private count = 0

  /** Holds sequences below `length`. */
  constructor(length: number) {
    this.marks = new Uint8Array(length)
  }

  get size(): number {
    return this.count
  }

  add(sequence: number): void {
    if (this.marks[sequence] === 0) this.count += 1
    this.marks[sequence] = 1
  }

  has(sequence: number): boolean {
    return this.marks[sequence] === 1
  }
}

/** The same prompt through two endpoints, both ok and neither blocked. */
export interface Pairs {
  /** Candidate minus baseline, ms, by sequence. */
  readonly differences: Float64Array
  /** The round of each. */
  readonly rounds: Uint16Array
  /** Sequences that have a pair. */
  readonly sequences: SequenceSet
  /** Sequences that were blocked on a side. */
  readonly blocked: SequenceSet
  /** Further sequences that both sides ended but not both with ok. */
  readonly leftOut: number
}

/** Joins two measurements of a level by sequence. */
export function pairUp(baseline: Measurement, candidate: Measurement): Pairs {
  const length = 1 + Math.max(lastSequence(baseline), lastSequence(candidate))
  const after = rowsBySequence(candidate, length)
  const differences = new Float64Array(baseline.samples.length)
  const rounds = new Uint16Array(baseline.samples.length)
  const sequences = new SequenceSet(length)
  const blocked = new SequenceSet(length)
  let leftOut = 0
  for (let row = 0; row < baseline.samples.length; row += 1) {
    const sequence = baseline.samples.sequence[row] ?? 0
    const other = after[sequence] ?? -1
    if (other < 0) continue
    if (isRefused(baseline, row) || isRefused(candidate, other)) {
      blocked.add(sequence)
      continue
    }
    if (!isAnswered(baseline, row) || !isAnswered(candidate, other)) {
      leftOut += 1
      continue
    }
    differences[sequences.size] = latencyOf(candidate, other) - latencyOf(baseline, row)
    rounds[sequences.size] = baseline.samples.round[row] ?? 0
    sequences.add(sequence)
  }
  return {
    differences: differences.slice(0, sequences.size),
    rounds: rounds.slice(0, sequences.size),
    sequences,
    blocked,
    leftOut,
  }
}

function lastSequence({ samples }: Measurement): number {
  return samples.sequence.reduce((last, one) => Math.max(last, one), -1)
}

/** The row of each sequence; -1 where there is none. */
function rowsBySequence({ samples }: Measurement, length: number): Int32Array {
  const rows = new Int32Array(length).fill(-1)
  for (let row = 0; row < samples.length; row += 1) rows[samples.sequence[row] ?? 0] = row
  return rows
}
