import type { BudgetVerdict, Budgets, OverheadBudget } from '../model/budget.ts'
import type { Measurement } from '../model/measurement.ts'
import type { Interval, Overhead, Summary } from '../model/summary.ts'
import { meanInterval, wilson } from '../stats/interval.ts'
import { isAnswered } from './answered.ts'
import { latencyOf } from './latencies.ts'
import { okRps } from './metrics/ok-rps.ts'
import { answeredOf } from './summarize.ts'

export interface BudgetInput {
  /** One a measurement, in the same order. */
  readonly summaries: readonly Summary[]
  readonly measurements: readonly Measurement[]
  readonly overheads: readonly Overhead[]
}

/** Each budget against each endpoint and level that it is about. The A/A arm is never judged. */
export function judgeBudgets(budgets: Budgets, input: BudgetInput): BudgetVerdict[] {
  const overheads = input.overheads.filter(({ control }) => !control)
  const controls = new Set(
    input.overheads.filter(({ control }) => control).map(({ candidate }) => candidate),
  )
  const baselines = new Set(overheads.map(({ baseline }) => baseline))
  // What the baseline does is not the proxy's to answer for; alone, an endpoint answers for itself.
  const judged = input.summaries
    .map((summary, index) => ({ summary, measurement: input.measurements[index] }))
    .filter(({ summary: { endpoint } }) => !baselines.has(endpoint) && !controls.has(endpoint))
  return [
    ...budgets.maxOverhead.flatMap((budget) =>
      overheads.map((overhead) => judgeOverhead(budget, overhead)),
    ),
    ...judged.flatMap(({ summary }) =>
      budgets.maxErrorRate === undefined ? [] : judgeErrors(budgets.maxErrorRate, summary),
    ),
    ...judged.flatMap(({ summary, measurement }) =>
      budgets.minOkRps === undefined || measurement === undefined
        ? []
        : judgeThroughput(budgets.minOkRps, summary, measurement),
    ),
  ]
}

function judgeOverhead({ metric, limit }: OverheadBudget, overhead: Overhead): BudgetVerdict {
  const relative = 'share' in limit
  const row = overhead.rows.find((one) => one.metric === metric)
  const printed = relative ? `${Number((limit.share * 100).toFixed(6))}%` : `${limit.ms}ms`
  const given = relative ? row?.ratioInterval : row?.interval
  const point = relative ? row?.ratio.value : row?.delta.value
  const interval = given?.value
  const shift = relative ? -1 : 0
  return verdict(
    {
      budget: `--max-overhead ${metric}=${printed}`,
      endpoint: overhead.candidate,
      level: overhead.level,
      unit: relative ? 'ratio' : 'ms',
      limit: relative ? limit.share : limit.ms,
      value: point === undefined ? undefined : point + shift,
      interval: interval && {
        ...interval,
        low: interval.low + shift,
        high: interval.high + shift,
      },
    },
    { reason: given?.reason, requests: overhead.paired.pairs, better: 'below' },
  )
}

/** A block is no error. */
function judgeErrors(limit: number, summary: Summary): BudgetVerdict {
  const { endpoint, level, blocks } = summary
  const requests = summary.requests - (blocks?.blocked ?? 0)
  const errors = blocks?.errors ?? summary.errors
  const interval = requests === 0 ? undefined : wilson(errors, requests)
  return verdict(
    {
      budget: `--max-error-rate ${Number((limit * 100).toFixed(6))}%`,
      endpoint,
      level,
      unit: 'ratio',
      limit,
      value: requests === 0 ? undefined : errors / requests,
      interval: interval && { ...interval, method: 'wilson' },
    },
    { reason: 'nothing was sent', requests, better: 'below' },
  )
}

function judgeThroughput(limit: number, summary: Summary, measurement: Measurement): BudgetVerdict {
  const { endpoint, level, requests } = summary
  const interval = batchMeans(measurement)
  return verdict(
    {
      budget: `--min-ok-rps ${limit}`,
      endpoint,
      level,
      unit: 'rps',
      limit,
      value: okRps.compute(answeredOf(measurement)).value,
      interval,
    },
    { reason: `needs ${BATCHES * LEAST_BATCH} ok requests`, requests, better: 'above' },
  )
}

interface Grounds {
  /** Why there is no interval, where there is none. */
  readonly reason: string | undefined
  readonly requests: number
  readonly better: 'below' | 'above'
}

function verdict(
  facts: Omit<BudgetVerdict, 'state' | 'reason'>,
  { reason, requests, better }: Grounds,
): BudgetVerdict {
  const { interval, limit, value } = facts
  if (interval === undefined || value === undefined) {
    return { ...facts, state: 'INCONCLUSIVE', reason: reason ?? 'not measured' }
  }
  const under = interval.high < limit
  const over = interval.low > limit
  if (under || over) {
    const kept = better === 'below' ? under : over
    return { ...facts, state: kept ? 'PASS' : 'FAIL', reason: undefined }
  }
  return {
    ...facts,
    state: 'INCONCLUSIVE',
    reason: whatWouldDecide(interval, value, limit, requests),
  }
}

/** The half-width shrinks with the square root of the requests. */
function whatWouldDecide(interval: Interval, value: number, limit: number, requests: number) {
  const half = Math.max(interval.high - value, value - interval.low)
  const distance = Math.abs(value - limit)
  const needed = Math.ceil(requests * (half / distance) ** 2 * 1.1)
  return Number.isFinite(needed) && needed < 1e8
    ? `about ${needed} requests would decide, if the value stays`
    : 'the value is too near the limit for any number of requests'
}

const BATCHES = 10
const LEAST_BATCH = 5

/**
 * Interval of a throughput by batch means (Conway 1963): the run is cut into ten batches of equal numbers of ok
 * requests in the order of their ends, and the time each takes is taken as independent.
 */
function batchMeans(measurement: Measurement): Interval | undefined {
  const { samples } = measurement
  const gaps: number[] = []
  let round = -1
  let before = 0
  for (let row = 0; row < samples.length; row += 1) {
    if (!isAnswered(measurement, row)) continue
    const endedAt = samples.endedAt[row] ?? 0
    // Between two rounds the endpoint rested: a round's first gap begins with its first request.
    if (samples.round[row] !== round) before = endedAt - latencyOf(measurement, row)
    round = samples.round[row] ?? 0
    gaps.push(endedAt - before)
    before = endedAt
  }
  const size = Math.floor(gaps.length / BATCHES)
  if (size < LEAST_BATCH) return undefined
  const logs = Array.from({ length: BATCHES }, (_, batch) => {
    const time = gaps.slice(batch * size, (batch + 1) * size).reduce((sum, gap) => sum + gap, 0)
    return Math.log(size / (time / 1000))
  })
  const { low, high } = meanInterval(logs)
  return { low: Math.exp(low), high: Math.exp(high), method: 'batch-means' }
}
