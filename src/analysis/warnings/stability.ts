import { nameLevel } from '../../model/level.ts'
import type { Summary } from '../../model/summary.ts'
import type { Warning } from '../../model/warning.ts'
import { quantile } from '../../stats/quantile.ts'
import { robustScores, slope } from '../../stats/trend.ts'
import { isRefused } from '../answered.ts'
import { LevelView } from '../level-view.ts'
import { METRICS } from '../metrics/index.ts'
import type { Check, Evidence, Observed } from './check.ts'
import { whereOf } from './failures.ts'

/** Change of the baseline's median over a run that is worth a word. */
const DRIFT_SHARE = 0.1

/** Robust standard deviations at which a round stands out, and the least share of the median that matters. */
const OUTLYING = 5
const OUTLYING_SHARE = 0.1

/** Rounds below which neither a trend nor an outlier can be told. */
const FEW_ROUNDS = 4

export const drift: Check = (evidence) =>
  baselines(evidence).flatMap(({ measurement, summary }): Warning[] => {
    const medians = roundMedians(measurement)
    const typical = typicalOf(summary)
    if (medians.length < FEW_ROUNDS || !typical) return []
    const change = (slope(medians) * (medians.length - 1)) / typical
    if (Math.abs(change) <= DRIFT_SHARE) return []
    return [
      {
        code: 'drift',
        message: `${whereOf(summary)}: the median moved by ${(change * 100).toFixed(0)} % over the run; interleaving cancels that between endpoints, not between levels`,
        advice: 'compare levels with care, and let the server warm up first',
      },
    ]
  })

export const outlyingRounds: Check = ({ observed }) =>
  observed.flatMap(({ measurement, summary }): Warning[] => {
    const medians = roundMedians(measurement)
    const typical = typicalOf(summary)
    if (medians.length < FEW_ROUNDS || !typical) return []
    const scores = robustScores(medians)
    return medians.flatMap((median, round) => {
      const far = Math.abs(scores[round] ?? 0) > OUTLYING
      if (!far || Math.abs(median - typical) < OUTLYING_SHARE * typical) return []
      return [
        {
          code: 'outlying-round' as const,
          message: `${whereOf(summary)}: round ${round + 1} had a median of ${median.toFixed(1)} ms where ${typical.toFixed(1)} ms is usual; it is kept, and widens the interval`,
          advice: 'look for what else ran then, and repeat the run',
        },
      ]
    })
  })

/** Percentiles of the results tables that rest on fewer than ten samples beyond them. */
export const fewSamples: Check = ({ observed }) => {
  const ok = observed.filter(({ summary }) => summary.ok > 0)
  const least = ok.toSorted((one, other) => one.summary.ok - other.summary.ok)[0]
  if (least === undefined) return []
  const short = METRICS.filter(({ name, needs }) => name !== 'mean' && needs > least.summary.ok)
  const [first] = short
  if (first === undefined) return []
  const needed = short.map(({ name, needs }) => `${name} (needs ${needs})`).join(', ')
  return [
    {
      code: 'few-samples',
      message: `${whereOf(least.summary)}: ${least.summary.ok} ok requests are too few for ${needed}: fewer than ten lie beyond it`,
      advice: `--requests ${Math.max(...short.map(({ needs }) => needs))}`,
    },
  ]
}

/** Growth of the baseline's own p99 from its lightest level at which the rig, not the proxy, is measured. */
const SATURATED = 2

export const baselineSaturated: Check = (evidence) => {
  const closed = baselines(evidence).filter(({ summary }) => summary.level.rate === undefined)
  const [lightest] = closed.toSorted(
    (one, other) => one.summary.level.concurrency - other.summary.level.concurrency,
  )
  const floor = lightest && earnedP99(lightest.summary)
  if (floor === undefined) return []
  return closed.flatMap(({ summary }): Warning[] => {
    const p99 = earnedP99(summary)
    if (p99 === undefined || p99 <= SATURATED * floor) return []
    return [
      {
        code: 'baseline-saturated',
        message: `${whereOf(summary)}: p99 is ${(p99 / floor).toFixed(1)} times that at ${nameLevel(lightest?.summary.level ?? summary.level)}: the upstream queues, and a delta there is partly queueing`,
        advice: 'read the overhead at lower levels, or give the upstream more room',
      },
    ]
  })
}

function earnedP99({ ok, metrics }: Summary): number | undefined {
  const needs = METRICS.find(({ name }) => name === 'p99')?.needs ?? 0
  return ok < needs ? undefined : metrics.p99.value
}

/** The first endpoint of each level; with one endpoint, that one. */
function baselines({ observed, overheads }: Evidence): Observed[] {
  const names = new Set(overheads.map(({ baseline }) => baseline))
  return observed.filter(({ summary }) => overheads.length === 0 || names.has(summary.endpoint))
}

/** Median of what was not blocked. */
function typicalOf({ blocks, metrics }: Summary): number | undefined {
  return blocks?.allowedLatency.p50.value ?? metrics.p50.value
}

function roundMedians(measurement: Observed['measurement']): number[] {
  const view = new LevelView(measurement, { leaveOut: (row) => isRefused(measurement, row) })
  return Array.from({ length: view.rounds }, (_, round) =>
    quantile(view.only(round).latencies, 0.5),
  ).filter((median) => median !== undefined)
}
