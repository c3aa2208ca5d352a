import { pettitt } from './pettitt.ts'
import { centredRanks } from './ranks.ts'

/** Lags in a row that have to look like nothing, so that one lucky lag does not end the search. */
const QUIET_LAGS = 5

/** A change this plain is taken for a step before dependence is looked for. */
const PLAIN_P = 1e-4

/**
 * The lag up to which values of a series resemble each other: the last one before five in a row whose rank
 * autocorrelation is below 2 sqrt(log10(n) / n), the rule of Politis and White (2004). 0 for independent values.
 * Plain steps are taken out first, since a step makes all values of a side resemble each other.
 */
export function dependenceLag(values: Float64Array): number {
  const count = values.length
  const residuals = withoutSteps(values)
  const variance = product(residuals, 0)
  if (variance === 0) return 0
  const band = 2 * Math.sqrt(Math.log10(count) / count)
  let quiet = 0
  for (let lag = 1; lag < count / 2; lag += 1) {
    quiet = product(residuals, lag) / variance < band ? quiet + 1 : 0
    if (quiet === QUIET_LAGS) return lag - QUIET_LAGS
  }
  return Math.floor(count / 2)
}

function product(values: Float64Array, lag: number): number {
  let sum = 0
  for (let index = lag; index < values.length; index += 1) {
    sum += (values[index] ?? 0) * (values[index - lag] ?? 0)
  }
  return sum
}

/** Ranks within each stretch between plain steps, scaled to -0.5 to 0.5. */
function withoutSteps(values: Float64Array): Float64Array {
  // Short stretches would take dependence for steps.
  const margin = Math.max(20, Math.ceil(values.length / 20))
  const residuals = new Float64Array(values.length)
  const fill = (start: number, end: number): void => {
    const part = values.subarray(start, end)
    const step = pettitt(part, margin)
    if (step !== undefined && step.p <= PLAIN_P) {
      fill(start, start + step.at)
      fill(start + step.at, end)
      return
    }
    residuals.set(
      centredRanks(part).map((rank) => rank / part.length),
      start,
    )
  }
  fill(0, values.length)
  return residuals
}
