import { mean, quantile, sortSample } from './quantile.ts'

/** Slope of the least-squares line through equally spaced values, per step; 0 for fewer than 2. */
export function slope(values: readonly number[]): number {
  const count = values.length
  if (count < 2) return 0
  const centre = (count - 1) / 2
  const average = mean(values) ?? 0
  let products = 0
  let squares = 0
  for (const [index, value] of values.entries()) {
    products += (index - centre) * (value - average)
    squares += (index - centre) ** 2
  }
  return products / squares
}

/**
 * How far each value lies from the median of all, in robust standard deviations (1.4826 times the median absolute
 * deviation). Empty where the deviation is 0.
 */
export function robustScores(values: readonly number[]): number[] {
  const median = quantile(sortSample(values), 0.5) ?? 0
  const deviation = quantile(sortSample(values.map((value) => Math.abs(value - median))), 0.5) ?? 0
  return deviation === 0 ? [] : values.map((value) => (value - median) / (1.4826 * deviation))
}
