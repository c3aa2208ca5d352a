import type { Measurement } from '../model/measurement.ts'
import { isAnswered, isRefused } from './answered.ts'
import { latencyOf } from './latencies.ts'

/** The same prompt through two endpoints, both ok and neither blocked. */
export interface Pairs {
  /** Candidate minus baseline, ms, by sequence. */
  readonly differences: Float64Array
  /** The round of each. */
  readonly rounds: Uint16Array
  /** Sequences that have a pair. */
  readonly sequences: ReadonlySet<number>
  /** Sequences that were blocked on a side. */
  readonly blocked: ReadonlySet<number>
  /** Further sequences that both sides ended but not both with ok. */
  readonly leftOut: number
}

/** Joins two measurements of a level by sequence. */
export function pairUp(baseline: Measurement, candidate: Measurement): Pairs {
  const before = rowsBySequence(baseline)
  const after = rowsBySequence(candidate)
  const differences: number[] = []
  const rounds: number[] = []
  const sequences = new Set<number>()
  const blocked = new Set<number>()
  let leftOut = 0
  for (const [sequence, row] of before) {
    const other = after.get(sequence)
    if (other === undefined) continue
    if (isRefused(baseline, row) || isRefused(candidate, other)) {
      blocked.add(sequence)
      continue
    }
    if (!isAnswered(baseline, row) || !isAnswered(candidate, other)) {
      leftOut += 1
      continue
    }
    sequences.add(sequence)
    differences.push(latencyOf(candidate, other) - latencyOf(baseline, row))
    rounds.push(baseline.samples.round[row] ?? 0)
  }
  return {
    differences: Float64Array.from(differences),
    rounds: Uint16Array.from(rounds),
    sequences,
    blocked,
    leftOut,
  }
}

function rowsBySequence({ samples }: Measurement): Map<number, number> {
  const rows = new Map<number, number>()
  for (let row = 0; row < samples.length; row += 1) rows.set(samples.sequence[row] ?? 0, row)
  return rows
}
