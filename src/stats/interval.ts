import { mean } from './quantile.ts'
import { Z_95 } from './normal.ts'
import { studentTQuantile } from './student-t.ts'

export interface Bounds {
  readonly low: number
  readonly high: number
}

/** An estimate's 95 % interval with the standard error behind it. */
export interface ErrorBounds extends Bounds {
  readonly standardError: number
}

const UPPER = 0.975

/**
 * Delete-one jackknife: `pooled` is the estimate from all groups, `leftOut[k]` the same without group k.
 * SE^2 = (K-1)/K * sum (leftOut[k] - their mean)^2, interval pooled +- t(0.975, K-1) * SE (Efron and Stein 1981;
 * Student's t because K is small). Needs at least 2 groups.
 */
export function jackknife(pooled: number, leftOut: readonly number[]): ErrorBounds {
  const groups = leftOut.length
  if (groups < 2) throw new RangeError(`a jackknife over ${groups} groups has no spread`)
  const centre = mean(leftOut) ?? 0
  const squares = leftOut.reduce((sum, value) => sum + (value - centre) ** 2, 0)
  const standardError = Math.sqrt(((groups - 1) / groups) * squares)
  const half = studentTQuantile(UPPER, groups - 1) * standardError
  return { low: pooled - half, high: pooled + half, standardError }
}

/** Student's interval of a mean of independent values. Needs at least 2. */
export function meanInterval(values: readonly number[]): ErrorBounds & { readonly mean: number } {
  const count = values.length
  if (count < 2) throw new RangeError(`an interval from ${count} values has no spread`)
  const average = mean(values) ?? 0
  const squares = values.reduce((sum, value) => sum + (value - average) ** 2, 0)
  const standardError = Math.sqrt(squares / (count - 1) / count)
  const half = studentTQuantile(UPPER, count - 1) * standardError
  return { mean: average, low: average - half, high: average + half, standardError }
}

/**
 * What a design with this standard error tells from nothing in 80 of 100 runs at the 5 % level:
 * (t(0.975, K-1) + t(0.8, K-1)) * SE.
 */
export function detectableEffect(standardError: number, groups: number): number {
  const freedom = groups - 1
  return (studentTQuantile(UPPER, freedom) + studentTQuantile(0.8, freedom)) * standardError
}

/** Wilson's 95 % score interval of a share (Wilson 1927). Needs at least one trial. */
export function wilson(successes: number, trials: number): Bounds {
  if (!(trials > 0)) throw new RangeError('a share of no trials has no interval')
  const share = successes / trials
  const z2 = Z_95 ** 2
  const centre = (share + z2 / (2 * trials)) / (1 + z2 / trials)
  const half =
    (Z_95 / (1 + z2 / trials)) *
    Math.sqrt((share * (1 - share)) / trials + z2 / (4 * trials * trials))
  // Exact at the ends: rounding would leave 0 at 1e-18.
  return {
    low: successes === 0 ? 0 : Math.max(0, centre - half),
    high: successes === trials ? 1 : Math.min(1, centre + half),
  }
}

/** Upper 95 % bound of a rate of which no event was seen in `trials` (Hanley and Lippman-Hand 1983). */
export function ruleOfThree(trials: number): number {
  return Math.min(1, 3 / trials)
}
