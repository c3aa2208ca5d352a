import { type Estimate, measured, unmeasured } from '../model/estimate.ts'
import type { Interval, PairedDifference } from '../model/summary.ts'
import { hodgesLehmann } from '../stats/hodges-lehmann.ts'
import { jackknife } from '../stats/interval.ts'
import { quantile, type SortedSample, sortSample, withoutPart } from '../stats/quantile.ts'
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
      noInterval === undefined
        ? intervalOf(pairs, sorted, { rounds, typical })
        : unmeasured(noInterval),
    p50: quantileOf(0.5),
    p95: quantileOf(0.95),
    p99: quantileOf(0.99),
  }
}

function intervalOf(
  { differences, rounds: roundOf }: Differences,
  sorted: SortedSample,
  { rounds, typical }: { readonly rounds: number; readonly typical: number | undefined },
): Estimate<Interval> {
  if (typical === undefined) return unmeasured('no pair had both sides ok')
  const leftOut: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const own = sortSample(differences.filter((_, index) => roundOf[index] === round))
    const value = hodgesLehmann(withoutPart(sorted, own))
    if (value === undefined) return unmeasured('all pairs lie in one round')
    leftOut.push(value)
  }
  const { low, high } = jackknife(typical, leftOut)
  return measured({ low, high, method: 'jackknife' })
}
