import { centredRanks } from './ranks.ts'

/** Where a series most likely changes its level, and how surely it does. */
export interface LevelChange {
  /** Index of the first value after the change. */
  readonly at: number
  /** The largest |U|. */
  readonly statistic: number
  /** For independent values; far too small for values that resemble their neighbours. */
  readonly p: number
}

/**
 * Pettitt's test for one change of level (Pettitt 1979, Applied Statistics 28, 126-135): U(t) is the sum of
 * sign(x_i - x_j) over i <= t < j, which by ranks is 2 * (R_1 + ... + R_t) - t (n + 1). The change lies where |U| is
 * largest, with p = 2 exp(-6 U^2 / (n^3 + n^2)). Ranks make outliers harmless, and a change of spread alone invisible.
 * `margin` is the fewest values on a side; undefined for a series too short for two sides.
 */
export function pettitt(values: Float64Array, margin = 1): LevelChange | undefined {
  const count = values.length
  const ranks = centredRanks(values)
  let sum = 0
  let at: number | undefined
  let statistic = -1
  for (let before = 1; before <= count - margin; before += 1) {
    sum += 2 * (ranks[before - 1] ?? 0)
    if (before < margin || Math.abs(sum) <= statistic) continue
    statistic = Math.abs(sum)
    at = before
  }
  if (at === undefined) return undefined
  const p = 2 * Math.exp((-6 * statistic ** 2) / (count ** 3 + count ** 2))
  return { at, statistic, p: Math.min(1, p) }
}
