import type { SortedSample } from './quantile.ts'

/**
 * The Hodges-Lehmann estimate: the median of all averages of two (Walsh averages, each value with itself included;
 * Hodges and Lehmann 1963). Found by bisection on the number of averages below a value, so a million
 * differences need no million-by-million table. Undefined for an empty sample.
 */
export function hodgesLehmann(sample: SortedSample): number | undefined {
  const count = sample.length
  const first = sample[0]
  const last = sample[count - 1]
  if (first === undefined || last === undefined) return undefined
  const total = (count * (count + 1)) / 2
  const lower = walshAverage(sample, Math.ceil(total / 2), first, last)
  return total % 2 === 1 ? lower : (lower + walshAverage(sample, total / 2 + 1, first, last)) / 2
}

/** The `rank`-th smallest Walsh average, to the last bit that bisection can tell. */
function walshAverage(sample: SortedSample, rank: number, first: number, last: number): number {
  let low = first
  let high = last
  for (let step = 0; step < 100 && high - low > 1e-9 * Math.max(1, Math.abs(high)); step += 1) {
    const middle = low + (high - low) / 2
    if (countUpTo(sample, middle) >= rank) high = middle
    else low = middle
  }
  return high
}

/** Pairs i <= j whose average is at most `bound`. */
function countUpTo(sample: SortedSample, bound: number): number {
  let count = 0
  let j = sample.length - 1
  for (let i = 0; i < sample.length; i += 1) {
    const partner = 2 * bound - (sample[i] ?? 0)
    while (j >= i && (sample[j] ?? 0) > partner) j -= 1
    if (j < i) break
    count += j - i + 1
  }
  return count
}
