import { quantile, sortSample } from './quantile.ts'

/**
 * Where a change of level lies that is known to lie `near` an index: the split with the least sum of absolute distances
 * from the medians of the two sides (Bai 1995, "Least absolute deviation estimation of a shift"). The largest |U| of
 * Pettitt's test is a worse place: of a change far from the middle it lies too close to the middle. `margin` is the
 * fewest values on either side.
 */
export function placeChange(values: Float64Array, near: number, margin: number): number {
  const before = median(values.subarray(0, near))
  const after = median(values.subarray(near))
  // The sum for a split, but for what all splits have in common.
  let sum = 0
  let least = before === after ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  let at = near
  for (let split = 1; split <= values.length - margin; split += 1) {
    const value = values[split - 1] ?? 0
    sum += Math.abs(value - before) - Math.abs(value - after)
    if (split < margin || sum >= least) continue
    least = sum
    at = split
  }
  return at
}

function median(values: Float64Array): number {
  return quantile(sortSample(values), 0.5) ?? 0
}
