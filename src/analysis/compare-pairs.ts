import type { PairedLatencies } from '../model/replay.ts'
import type { Comparison } from '../model/summary.ts'
import { sortSample } from '../stats/quantile.ts'
import { compareRounds, ROUNDS_FOR_INTERVAL } from './compare-rounds.ts'
import type { MetricInput, RoundsView } from './level-view.ts'
import { LATENCY_METRICS } from './metrics/index.ts'
import { pairedDifference } from './paired-difference.ts'

export type Latencies = Pick<PairedLatencies, 'baseline' | 'candidate'>

/** What the candidate adds to the baseline, with `rounds` blocks of consecutive pairs as rounds. */
export function comparePairs({ baseline, candidate }: Latencies, rounds: number): Comparison {
  const count = Math.min(rounds, baseline.length)
  const noInterval = reasonAgainstInterval(count, baseline.length)
  const views = [blockView(baseline, count), blockView(candidate, count)] as const
  const pairs = {
    differences: differencesOf({ baseline, candidate }),
    rounds: Uint16Array.from(baseline, (_, index) => roundOf(index, baseline.length, count)),
  }
  return {
    baseline: 'direct',
    candidate: 'proxy',
    rounds: count,
    rows: compareRounds(views, {
      metrics: LATENCY_METRICS,
      rounds: count,
      noInterval,
      order: 'paired',
    }),
    paired: pairedDifference(pairs, count, noInterval),
  }
}

/** Candidate minus baseline, pair by pair. */
export function differencesOf({ baseline, candidate }: Latencies): Float64Array {
  return candidate.map((after, index) => after - (baseline[index] ?? 0))
}

function reasonAgainstInterval(rounds: number, pairs: number): string | undefined {
  if (rounds >= ROUNDS_FOR_INTERVAL) return undefined
  const wayOut = pairs < ROUNDS_FOR_INTERVAL ? 'measure more pairs' : 'raise --rounds'
  return `${rounds} ${rounds === 1 ? 'round is' : 'rounds are'} too few, an interval needs ${ROUNDS_FOR_INTERVAL}; ${wayOut}`
}

/** The round of a pair, where round r begins with pair floor(pairs * r / rounds). */
function roundOf(index: number, pairs: number, rounds: number): number {
  return Math.floor(((index + 1) * rounds - 1) / pairs)
}

/** Latencies in blocks of consecutive ones. */
function blockView(latencies: Float64Array, rounds: number): RoundsView {
  const roundAt = (index: number) => roundOf(index, latencies.length, rounds)
  return {
    all: () => inputOf(latencies),
    without: (round) => inputOf(latencies.filter((_, index) => roundAt(index) !== round)),
    only: (round) => inputOf(latencies.filter((_, index) => roundAt(index) === round)),
  }
}

/** Nothing is known of failures or of when the requests were sent, and no metric of latencies asks. */
function inputOf(latencies: Float64Array): MetricInput {
  const count = latencies.length
  return { requests: count, ok: count, errors: 0, durationMs: 0, latencies: sortSample(latencies) }
}
