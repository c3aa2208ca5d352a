declare const sorted: unique symbol

/** Numbers in ascending order; only `sortSample` makes one. */
export type SortedSample = Float64Array & { readonly [sorted]: true }

/** A sorted copy. Throws RangeError on NaN, which has no place in an order. */
export function sortSample(values: Iterable<number>): SortedSample {
  const copy = Float64Array.from(values)
  // In place: it is a copy already, and a second one of a million values is 8 MB.
  copy.sort()
  // A typed array sorts NaN to its end.
  if (Number.isNaN(copy.at(-1))) throw new RangeError('a sample may not hold NaN')
  return copy as SortedSample
}

/**
 * Quantile by linear interpolation between closest ranks: type 7 of Hyndman and Fan (1996), as numpy and the
 * specification's script have it. `p` in [0, 1]; undefined for an empty sample.
 */
export function quantile(sample: SortedSample, p: number): number | undefined {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`quantile ${p} is not in [0, 1]`)
  const position = (sample.length - 1) * p
  const below = Math.floor(position)
  const low = sample[below]
  const high = sample[Math.min(below + 1, sample.length - 1)]
  if (low === undefined || high === undefined) return undefined
  // Equal neighbours are returned as they are: interpolating could leave the range by a rounding error.
  return low === high ? low : Math.min(high, low + (high - low) * (position - below))
}

/** Arithmetic mean, by running update so that long samples keep their precision; undefined for an empty sample. */
export function mean(values: ArrayLike<number>): number | undefined {
  if (values.length === 0) return undefined
  let average = 0
  for (let index = 0; index < values.length; index += 1) {
    average += ((values[index] ?? 0) - average) / (index + 1)
  }
  return average
}
