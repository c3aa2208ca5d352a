import { type Estimate, measured } from '../model/estimate.ts'
import { sameLevel } from '../model/level.ts'
import type { Measurement } from '../model/measurement.ts'
import type { Plan, RequestSpec } from '../model/plan.ts'
import type { ProcessUsage } from '../model/process-usage.ts'
import type { Result, Significance } from '../model/result.ts'
import type { AnalysisSettings } from '../model/run-record.ts'
import type { Overhead } from '../model/summary.ts'
import type { UpstreamArrival } from '../model/upstream-arrival.ts'
import type { Warning } from '../model/warning.ts'
import { holm } from '../stats/sign-flip.ts'
import type { PromptLabels } from './blocks.ts'
import { judgeBudgets } from './budgets.ts'
import { findHops } from './hops.ts'
import { compareMeasurements } from './overhead.ts'
import { findServerUsage } from './server-usage.ts'
import { findSelfReports, selfReportWarnings } from './self-reports.ts'
import { streamsOf } from './streams.ts'
import { settleVerdicts } from './settle-verdicts.ts'
import { summarize } from './summarize.ts'
import { findWarnings } from './warnings/index.ts'

export interface AnalysisInput {
  readonly plan: Pick<Plan, 'endpoints' | 'order'>
  readonly settings: AnalysisSettings
  /** What was asked; without it the contents of streams are not compared. */
  readonly spec?: Pick<RequestSpec, 'temperature'> | undefined
  /** Level by level, one an endpoint. */
  readonly measurements: readonly Measurement[]
  readonly processes?: readonly ProcessUsage[] | undefined
  readonly upstream?: readonly UpstreamArrival[] | undefined
  /** By `promptIndex`, where a dataset has them. */
  readonly promptLabels?: PromptLabels | undefined
}

/** Everything that a run's samples say: a pure function of them, so that a saved run gives the same again. */
export function analyse(input: AnalysisInput): Result {
  const { plan, settings, spec, promptLabels, processes = [], upstream } = input
  const measurements = settleVerdicts(plan, input.measurements)
  const summaries = measurements.map((one) => summarize(one, settings.slo, promptLabels))
  const overheads = compareAll(plan, measurements)
  const { temperature } = spec ?? {}
  const streams = streamsOf({
    measurements,
    summaries,
    overheads,
    order: plan.order,
    temperature,
    upstream,
  })
  const observed = measurements.flatMap((measurement, index) => {
    const summary = summaries[index]
    return summary === undefined ? [] : [{ measurement, summary }]
  })
  const selfReports = findSelfReports(overheads, measurements, summaries)
  return {
    summaries,
    overheads,
    selfReports,
    hops: findHops(measurements),
    servers: findServerUsage(processes, summaries, baselineOf(plan)),
    significance: significanceOf(overheads, settings),
    budgets: judgeBudgets(settings.budgets, { summaries, measurements, overheads }),
    ...(streams === undefined ? {} : { streams }),
    warnings: [
      ...findWarnings({ observed, overheads, streams, conditions: settings }),
      ...selfReportWarnings(selfReports),
      ...precisionWarnings(overheads, settings),
    ],
  }
}

function baselineOf({ endpoints }: AnalysisInput['plan']): string | undefined {
  return endpoints.find(({ baseline }) => baseline)?.name
}

function compareAll(plan: AnalysisInput['plan'], measurements: readonly Measurement[]): Overhead[] {
  const baseline = baselineOf(plan)
  return measurements
    .filter(({ endpoint }) => endpoint === baseline)
    .flatMap((before) => {
      const others = measurements.filter(
        (other) => other.endpoint !== baseline && sameLevel(other.level, before.level),
      )
      return others.map((after) =>
        compareMeasurements(before, after, {
          order: plan.order,
          control: plan.endpoints.some(({ name, control }) => control && name === after.endpoint),
        }),
      )
    })
}

function significanceOf(
  overheads: readonly Overhead[],
  { primaryMetric }: AnalysisSettings,
): Significance[] {
  const tested = overheads
    .filter(({ control }) => !control)
    .flatMap(({ candidate, level, rows }) => {
      const row = rows.find(({ metric }) => metric === primaryMetric)
      return row === undefined ? [] : [{ candidate, level, metric: primaryMetric, p: row.pValue }]
    })
  const known = tested.flatMap(({ p }) => (p.value === undefined ? [] : [p.value]))
  const adjusted = holm(known)
  let next = 0
  return tested.map((one) => {
    const unadjusted: Estimate = one.p
    if (unadjusted.value === undefined) return { ...one, adjusted: unadjusted }
    const value = adjusted[next] ?? 1
    next += 1
    return { ...one, adjusted: measured(value) }
  })
}

/** Half the width of the primary metric's interval in ms; undefined where there is none. */
export function primaryHalfWidth(
  overhead: Overhead,
  { primaryMetric }: Pick<AnalysisSettings, 'primaryMetric'>,
): number | undefined {
  const row = overhead.rows.find(({ metric }) => metric === primaryMetric)
  const interval = row?.interval.value
  return interval === undefined ? undefined : (interval.high - interval.low) / 2
}

function precisionWarnings(overheads: readonly Overhead[], settings: AnalysisSettings): Warning[] {
  const wanted = settings.untilHalfWidthMs
  if (wanted === undefined) return []
  return overheads
    .filter(({ control }) => !control)
    .flatMap((overhead): Warning[] => {
      const half = primaryHalfWidth(overhead, settings)
      if (half !== undefined && half <= wanted) return []
      const reached = half === undefined ? 'no interval' : `${half.toFixed(2)} ms`
      return [
        {
          code: 'imprecise',
          message: `${overhead.candidate}: the half-width of ${settings.primaryMetric} reached ${reached}, not the ${wanted} ms of --until-half-width`,
          advice: 'a higher --requests, or a wider --until-half-width',
        },
      ]
    })
}
