import type { Regression, RegressionVerdict } from '../model/run-comparison.ts'
import type { RunNumber } from '../model/run-numbers.ts'
import { welchDifference } from '../stats/welch.ts'

export interface RegressionOptions {
  /** The slowdown allowed, 0.05 for 5 %. */
  readonly limit: number
  /** Names of the runs after the first. */
  readonly runs: readonly string[]
}

/**
 * Each number of a later run against the first's: FAIL where the slowdown's interval lies above the limit, PASS where
 * it lies below, else INCONCLUSIVE. `rows` holds the same number of every run, the first's first.
 */
export function judgeRegression(
  rows: readonly (readonly RunNumber[])[],
  { limit, runs }: RegressionOptions,
): Regression {
  const verdicts = rows.flatMap(([before, ...others]) =>
    before === undefined
      ? []
      : others.map((after, index): RegressionVerdict => {
          const { endpoint, baseline, level, metric } = before
          const run = runs[index] ?? ''
          return { run, endpoint, baseline, level, metric, ...judge(before, after, limit) }
        }),
  )
  return { limit, verdicts }
}

type Judged = Pick<RegressionVerdict, 'state' | 'reason'>

function judge(before: RunNumber, after: RunNumber, limit: number): Judged {
  const one = uncertain(before)
  const other = uncertain(after)
  if (typeof one === 'string') return { state: 'INCONCLUSIVE', reason: one }
  if (typeof other === 'string') return { state: 'INCONCLUSIVE', reason: other }
  const { low, high } = excessOf(before, { one, other, limit })
  if (low > 0) return { state: 'FAIL', reason: undefined }
  if (high < 0) return { state: 'PASS', reason: undefined }
  return { state: 'INCONCLUSIVE', reason: 'the interval holds the limit' }
}

interface Uncertain {
  readonly value: number
  readonly standardError: number
  readonly freedom: number
}

/** On the scale that the number is judged on; a reason where its error is not known. */
function uncertain({ baseline, value, error, logError }: RunNumber): Uncertain | string {
  if (value.value === undefined) return value.reason
  const known = baseline === undefined ? logError : error
  if (known.value === undefined) return known.reason
  return { value: baseline === undefined ? Math.log(value.value) : value.value, ...known.value }
}

/**
 * The slowdown beyond the limit, with its interval. Of a latency or throughput ln(after / before) - ln(1 + limit). Of
 * an overhead after - (1 + limit) * before, so that nothing is divided by what may be 0 (Fieller 1954).
 */
function excessOf(
  { baseline, metric }: RunNumber,
  {
    one,
    other,
    limit,
  }: { readonly one: Uncertain; readonly other: Uncertain; readonly limit: number },
) {
  if (baseline !== undefined) {
    // Of less than nothing there is no share.
    const factor = one.value > 0 ? 1 + limit : 1
    const allowed = {
      ...one,
      value: factor * one.value,
      standardError: factor * one.standardError,
    }
    return welchDifference(allowed, other)
  }
  // Fewer requests a second are a slowdown.
  const { low, high } =
    metric === 'ok_rps' ? welchDifference(other, one) : welchDifference(one, other)
  return { low: low - Math.log1p(limit), high: high - Math.log1p(limit) }
}
