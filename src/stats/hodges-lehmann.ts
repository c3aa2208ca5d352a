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
  const rank = Math.ceil(total / 2)
  const lower = walshAverage(sample, rank, { low: first, high: last })
  if (total % 2 === 1) return lower
  return (lower + walshAverage(sample, rank + 1, bracketAbove(sample, rank + 1, lower))) / 2
}

interface Bracket {
  readonly low: number
  readonly high: number
}

/** As near as bisection tells two values apart. */
function tolerance(value: number): number {
  return 1e-9 * Math.max(1, Math.abs(value))
}

/** The `rank`-th smallest Walsh average, which lies in the bracket, to the last bit that bisection can tell. */
function walshAverage(sample: SortedSample, rank: number, bracket: Bracket): number {
  let { low, high } = bracket
  for (let step = 0; step < 100 && high - low > tolerance(high); step += 1) {
    const middle = low + (high - low) / 2
    if (countUpTo(sample, middle) >= rank) high = middle
    else low = middle
  }
  return high
}

/** Where the average of the next rank lies: most often within a few tolerances, so that it is sought from there. */
function bracketAbove(sample: SortedSample, rank: number, from: number): Bracket {
  const last = sample.at(-1) ?? from
  let low = from
  for (let width = tolerance(from); low < last; width *= 4) {
    const high = Math.min(last, from + width)
    if (countUpTo(sample, high) >= rank) return { low, high }
    low = high
  }
  return { low, high: last }
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
