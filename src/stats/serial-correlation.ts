import { mean } from './quantile.ts'

/** Beyond it so few values would tell of their mean that no correction helps. */
const MOST = 0.8

/**
 * Correlation of neighbours in a series, 0 to 0.8: the sample's, plus (1 + 3 r) / n, what a short series tells too little
 * on average (Marriott and Pope 1954). Neighbours that repel each other count as independent: 0.
 */
export function neighbourCorrelation(values: readonly number[]): number {
  const count = values.length
  const centre = mean(values) ?? 0
  let squares = 0
  let products = 0
  for (const [index, value] of values.entries()) {
    squares += (value - centre) ** 2
    const next = values[index + 1]
    if (next !== undefined) products += (value - centre) * (next - centre)
  }
  // A constant series has no spread to be correlated.
  if (!(squares > 0)) return 0
  const raw = products / squares
  return Math.min(MOST, Math.max(0, raw + (1 + 3 * raw) / count))
}

/**
 * What a standard error of a mean of `count` values is to be multiplied by, and the degrees of freedom left, where they
 * are a first-order autoregression: the variance grows by (1 + r) / (1 - r), and as much fewer values count (Bayley and
 * Hammersley 1946).
 */
export function serialCorrection(values: readonly number[]): {
  readonly factor: number
  readonly freedom: number
} {
  const correlation = neighbourCorrelation(values)
  const inflation = (1 + correlation) / (1 - correlation)
  const freedom = Math.max(2, (values.length - 1) / inflation)
  return { factor: Math.sqrt(inflation), freedom }
}
