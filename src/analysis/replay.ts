import { type Estimate, measured, unmeasured } from '../model/estimate.ts'
import type { PairedLatencies, Regime, RegimeChange, Replay } from '../model/replay.ts'
import type { Comparison } from '../model/summary.ts'
import { findLevelChanges, type LevelChanges } from '../stats/level-changes.ts'
import { quantile, sortSample } from '../stats/quantile.ts'
import { createRandom } from '../stats/random.ts'
import { comparePairs, differencesOf } from './compare-pairs.ts'

/** Intervals hardly get narrower with more. */
export const USUAL_ROUNDS = 10

/**
 * What pairs measured elsewhere say of overhead: one comparison where the differences keep to one level, and one for
 * each regime where they do not. A mean over several regimes says only how long each of them lasted.
 */
export function replay(pairs: PairedLatencies, rounds: number): Replay {
  const differences = differencesOf(pairs)
  const found = findLevelChanges(differences, createRandom('level-changes'))
  const edges = [0, ...found.changes.map(({ at }) => at), differences.length]
  const spans = edges.slice(1).map((end, index): Span => [edges[index] ?? 0, end])
  const regimes = spans.map((span) => regimeOf(pairs, span, rounds))
  const [only, ...more] = regimes
  if (only === undefined || differences.length === 0)
    throw new RangeError('there are no pairs to compare')
  const changes = changesOf({ pairs, differences, found, spans })
  return {
    pairs: differences.length,
    leftOut: pairs.leftOut,
    blockLength: found.blockLength,
    changes,
    pooled:
      more.length === 0
        ? only.comparison
        : withoutNumbers(only.comparison, regimes.length, differences.length),
    regimes,
  }
}

/** The first pair of a stretch, and the first one after it. */
type Span = readonly [start: number, end: number]

function regimeOf(pairs: PairedLatencies, [start, end]: Span, rounds: number): Regime {
  const part = {
    baseline: pairs.baseline.subarray(start, end),
    candidate: pairs.candidate.subarray(start, end),
  }
  return {
    firstRow: pairs.rows[start] ?? 0,
    lastRow: pairs.rows[end - 1] ?? 0,
    comparison: comparePairs(part, rounds),
  }
}

interface Found {
  readonly pairs: PairedLatencies
  readonly differences: Float64Array
  readonly found: LevelChanges
  readonly spans: readonly Span[]
}

function changesOf({ pairs, differences, found, spans }: Found): Estimate<RegimeChange[]> {
  if (differences.length < found.needs) {
    return unmeasured(
      `a change cannot be told from pairs that resemble their neighbours with fewer than ${found.needs} pairs, and there are ${differences.length}`,
    )
  }
  const medians = spans.map(([start, end]) => medianOf(differences.subarray(start, end)))
  return measured(
    found.changes.map(({ at, p }, index) => ({
      row: pairs.rows[at] ?? 0,
      medianBefore: medians[index] ?? 0,
      medianAfter: medians[index + 1] ?? 0,
      p,
    })),
  )
}

function medianOf(values: Float64Array): number {
  return quantile(sortSample(values), 0.5) ?? 0
}

/** The same comparison with the reason in place of each number. */
function withoutNumbers(comparison: Comparison, regimes: number, pairs: number): Comparison {
  const none = unmeasured(
    `the differences keep to ${regimes} levels one after the other, and a number pooled over them says only how long each lasted`,
  )
  return {
    ...comparison,
    rows: comparison.rows.map(({ metric, unit }) => ({
      metric,
      unit,
      baseline: none,
      candidate: none,
      delta: none,
      interval: none,
      ratio: none,
      ratioInterval: none,
      detectable: none,
      pValue: none,
    })),
    paired: { pairs, typical: none, interval: none, p50: none, p95: none, p99: none },
  }
}
