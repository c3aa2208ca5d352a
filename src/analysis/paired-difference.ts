import { type Estimate, measured, unmeasured } from '../model/estimate.ts'
import type { Interval, PairedDifference } from '../model/summary.ts'
import { hodgesLehmann } from '../stats/hodges-lehmann.ts'
import { jackknife } from '../stats/interval.ts'
import { quantile, type SortedSample, sortSample } from '../stats/quantile.ts'
import { samplesFor } from './metrics/latency-quantile.ts'
import type { Pairs } from './pairs.ts'

type Differences = Pick<Pairs, 'differences' | 'rounds'>

/** Quantiles of the differences between two answers to the same prompt. `noInterval` says why there is none. */
export function pairedDifference(
  pairs: Differences,
  rounds: number,
  noInterval: string | undefined,
): PairedDifference {
  const sorted = sortSample(pairs.differences)
  const typical = hodgesLehmann(sorted)
  const quantileOf = (p: number): Estimate => {
    const value = quantile(sorted, p)
    if (value === undefined) return unmeasured('no pair had both sides ok')
    const needed = samplesFor(p)
    return sorted.length < needed ? unmeasured(`needs ${needed}`) : measured(value)
  }
  return {
    pairs: sorted.length,
    typical: typical === undefined ? unmeasured('no pair had both sides ok') : measured(typical),
    interval:
      noInterval === undefined ? intervalOf(pairs, rounds, typical) : unmeasured(noInterval),
    p50: quantileOf(0.5),
    p95: quantileOf(0.95),
    p99: quantileOf(0.99),
  }
}

function intervalOf(
  pairs: Differences,
  rounds: number,
  typical: number | undefined,
): Estimate<Interval> {
  if (typical === undefined) return unmeasured('no pair had both sides ok')
  const leftOut: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const value = hodgesLehmann(withoutRound(pairs, round))
    if (value === undefined) return unmeasured('all pairs lie in one round')
    leftOut.push(value)
  }
  const { low, high } = jackknife(typical, leftOut)
  return measured({ low, high, method: 'jackknife' })
}

function withoutRound({ differences, rounds }: Differences, round: number): SortedSample {
  return sortSample(differences.filter((_, index) => rounds[index] !== round))
}
