declare const sorted: unique symbol

/** Numbers in ascending order; only `sortSample` makes one. */
export type SortedSample = Float64Array & { readonly [sorted]: true }

/** A sorted copy. Throws RangeError on NaN, which has no place in an order. */
export function sortSample(values: Iterable<number>): SortedSample {
  // The constructor copies a typed array at once, where `from` asks it for each value.
  const copy = values instanceof Float64Array ? new Float64Array(values) : Float64Array.from(values)
  // In place: it is a copy already, and a second one of a million values is 8 MB.
  copy.sort()
  // A typed array sorts NaN to its end.
  if (Number.isNaN(copy.at(-1))) throw new RangeError('a sample may not hold NaN')
  return copy as SortedSample
}

/**
 * What is left of a sample when the values of a part of it are taken out, each once. In one pass over both, where
 * sorting the rest again for each of ten rounds took most of the time of a report. Throws RangeError where `part` holds
 * a value that `whole` does not.
 */
export function withoutPart(whole: SortedSample, part: SortedSample): SortedSample {
  if (part.length > whole.length) throw new RangeError('a part is larger than its whole')
  const rest = new Float64Array(whole.length - part.length)
  let taken = 0
  for (let index = 0; index < whole.length; index += 1) {
    const value = whole[index] ?? 0
    if (taken < part.length && part[taken] === value) taken += 1
    else if (index - taken < rest.length) rest[index - taken] = value
  }
  if (taken < part.length) throw new RangeError('a part holds a value that its whole does not')
  return rest as SortedSample
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
