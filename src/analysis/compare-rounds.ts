import { type Estimate, measured, unmeasured } from '../model/estimate.ts'
import type { Order } from '../model/plan.ts'
import type { Interval, OverheadRow } from '../model/summary.ts'
import { detectableEffect, jackknife, meanInterval, ruleOfThree } from '../stats/interval.ts'
import { createRandom } from '../stats/random.ts'
import { signFlipP } from '../stats/sign-flip.ts'
import type { MetricInput, RoundsView } from './level-view.ts'
import type { Metric } from './metrics/metric.ts'

/** Fewer rounds have no spread worth an interval. */
export const ROUNDS_FOR_INTERVAL = 4

/** Fewer rounds cannot reach p < 0.05: the least p of a sign flip is 2^(1-K). */
const ROUNDS_FOR_SIGNIFICANCE = 6

/** Why a comparison can have no interval; undefined where it can. */
export function reasonAgainstInterval(order: Order, rounds: number): string | undefined {
  if (order === 'sequential') {
    return '--order sequential measures one side after the other, so drift cannot be told from overhead'
  }
  if (rounds >= ROUNDS_FOR_INTERVAL) return undefined
  return `${rounds} ${rounds === 1 ? 'round is' : 'rounds are'} too few, an interval needs ${ROUNDS_FOR_INTERVAL}; raise --requests or lower the concurrency`
}

type Pair<T> = readonly [baseline: T, candidate: T]

/** A metric over some rounds, both sides. */
type MetricPairs = Readonly<Record<string, Pair<Estimate>>>

interface Sides {
  readonly all: Pair<MetricInput>
  /** Each round left out in turn, and each alone; empty where no interval can be given. */
  readonly without: readonly MetricPairs[]
  readonly only: readonly MetricPairs[]
  /** Why no interval can be given; undefined where one can. */
  readonly noInterval: string | undefined
  readonly order: Order
}

export interface RoundsComparison<N extends string> extends Pick<Sides, 'noInterval' | 'order'> {
  readonly metrics: readonly (Metric & { readonly name: N })[]
  readonly rounds: number
}

/** The difference of each metric, candidate minus baseline, with what is known of its spread over rounds. */
export function compareRounds<N extends string>(
  views: Pair<RoundsView>,
  comparison: RoundsComparison<N>,
): OverheadRow<N>[] {
  const sides = sidesOf(views, comparison)
  return comparison.metrics.map((metric) => ({
    metric: metric.name,
    unit: metric.unit,
    ...compareMetric(metric, sides),
  }))
}

function sidesOf(
  [baseline, candidate]: Pair<RoundsView>,
  comparison: RoundsComparison<string>,
): Sides {
  const { noInterval, order, metrics } = comparison
  const count = noInterval === undefined ? comparison.rounds : 0
  const rounds = Array.from({ length: count }, (_, round) => round)
  // Every metric of a round at once: sorting its samples is what costs.
  const metricPairs = ([before, after]: Pair<MetricInput>): MetricPairs =>
    Object.fromEntries(
      metrics.map(({ name, compute }) => [name, [compute(before), compute(after)]]),
    )
  return {
    all: [baseline.all(), candidate.all()],
    without: rounds.map((round) =>
      metricPairs([baseline.without(round), candidate.without(round)]),
    ),
    only: rounds.map((round) => metricPairs([baseline.only(round), candidate.only(round)])),
    noInterval,
    order,
  }
}

type Compared = Omit<OverheadRow<string>, 'metric' | 'unit'>

function compareMetric(metric: Metric, sides: Sides): Compared {
  const baseline = earned(metric, sides.all[0])
  const candidate = earned(metric, sides.all[1])
  if (baseline.value === undefined) return absent(baseline, candidate, baseline.reason)
  if (candidate.value === undefined) return absent(baseline, candidate, candidate.reason)
  const delta = measured(candidate.value - baseline.value)
  const ratio =
    baseline.value === 0
      ? unmeasured(`${metric.name} of the baseline is 0`)
      : measured(candidate.value / baseline.value)
  return { baseline, candidate, delta, ratio, ...spreadOf(metric, sides) }
}

/** The metric over all rounds, where there are enough samples for it. */
export function earned(metric: Metric, input: MetricInput): Estimate {
  const value = metric.compute(input)
  if (value.value === undefined || input.latencies.length >= metric.needs) return value
  return unmeasured(`needs ${metric.needs}`)
}

function absent(baseline: Estimate, candidate: Estimate, reason: string): Compared {
  const none = unmeasured(reason)
  return {
    baseline,
    candidate,
    delta: none,
    interval: none,
    ratio: none,
    ratioInterval: none,
    detectable: none,
    pValue: none,
  }
}

type Spread = Pick<Compared, 'interval' | 'ratioInterval' | 'detectable' | 'pValue'>

function noSpread(reason: string): Spread {
  const none = unmeasured(reason)
  return { interval: none, ratioInterval: none, detectable: none, pValue: none }
}

function spreadOf(metric: Metric, sides: Sides): Spread {
  if (sides.noInterval !== undefined) return noSpread(sides.noInterval)
  switch (metric.interval) {
    case 'jackknife':
      return { ...jackknifed(metric, sides), pValue: pValueOf(metric, sides) }
    case 'rate':
      return rateSpread(metric, sides)
    case 'log-ratio-t':
      return throughputSpread(metric, sides)
  }
}

/** The metric of each entry, both sides; undefined where one has no value. */
function valuesOf(metric: Metric, entries: readonly MetricPairs[]): [number, number][] | undefined {
  const values = entries.flatMap((entry): [number, number][] => {
    const [before, after] = entry[metric.name] ?? []
    return before?.value === undefined || after?.value === undefined
      ? []
      : [[before.value, after.value]]
  })
  return values.length === entries.length ? values : undefined
}

function jackknifed(metric: Metric, sides: Sides): Omit<Spread, 'pValue'> {
  const leftOut = valuesOf(metric, sides.without)
  const [before, after] = sides.all.map((input) => metric.compute(input).value)
  if (leftOut === undefined || before === undefined || after === undefined) {
    return noSpread('all samples lie in one round')
  }
  const difference = jackknife(
    after - before,
    leftOut.map(([one, other]) => other - one),
  )
  const detectable = measured(detectableEffect(difference.standardError, leftOut.length))
  const interval = measured<Interval>({ ...bounds(difference), method: 'jackknife' })
  const positive = before > 0 && after > 0 && leftOut.every(([one, other]) => one > 0 && other > 0)
  if (!positive) {
    return { interval, detectable, ratioInterval: unmeasured('a ratio needs values above 0') }
  }
  const logRatio = jackknife(
    Math.log(after / before),
    leftOut.map(([one, other]) => Math.log(other / one)),
  )
  const ratioInterval = measured<Interval>({
    low: Math.exp(logRatio.low),
    high: Math.exp(logRatio.high),
    method: 'jackknife',
  })
  return { interval, detectable, ratioInterval }
}

/** With no error on either side the spread over rounds is 0, which would be a false certainty. */
function rateSpread(metric: Metric, sides: Sides): Spread {
  const [before, after] = sides.all
  if (before.errors + after.errors > 0) {
    return { ...jackknifed(metric, sides), pValue: pValueOf(metric, sides) }
  }
  const interval = measured<Interval>({
    low: -ruleOfThree(before.requests),
    high: ruleOfThree(after.requests),
    method: 'rule-of-three',
  })
  return { ...noSpread('no request failed'), interval }
}

/** Throughput: Student's interval of the logarithm of each round's ratio. */
function throughputSpread(metric: Metric, sides: Sides): Spread {
  if (sides.order === 'paired') {
    return noSpread('with --order paired both sides share one clock')
  }
  const values = valuesOf(metric, sides.only)
  if (values === undefined || values.some(([before, after]) => before <= 0 || after <= 0)) {
    return noSpread('a round had no ok request')
  }
  const logs = values.map(([before, after]) => Math.log(after / before))
  const log = meanInterval(logs)
  const base = metric.compute(sides.all[0]).value ?? 0
  const ratio = { low: Math.exp(log.low), high: Math.exp(log.high) }
  return {
    ratioInterval: measured({ ...ratio, method: 'log-ratio-t' }),
    interval: measured({
      low: base * (ratio.low - 1),
      high: base * (ratio.high - 1),
      method: 'log-ratio-t',
    }),
    detectable: measured(base * Math.expm1(detectableEffect(log.standardError, logs.length))),
    pValue: significance(logs),
  }
}

/** Exact sign-flip over the differences of each round. */
function pValueOf(metric: Metric, sides: Sides): Estimate {
  const values = valuesOf(metric, sides.only)
  if (values === undefined) return unmeasured('a round had no ok request')
  return significance(values.map(([before, after]) => after - before))
}

function significance(differences: readonly number[]): Estimate {
  if (differences.length < ROUNDS_FOR_SIGNIFICANCE) {
    return unmeasured(`needs ${ROUNDS_FOR_SIGNIFICANCE} rounds`)
  }
  return measured(signFlipP(differences, createRandom('sign-flip')))
}

function bounds({ low, high }: { readonly low: number; readonly high: number }) {
  return { low, high }
}
