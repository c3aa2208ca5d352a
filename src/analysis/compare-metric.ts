import { type Estimate, measured, unmeasured } from '../model/estimate.ts'
import type { Order } from '../model/plan.ts'
import type { ComparedMetric, Interval, OverheadRow } from '../model/summary.ts'
import { detectableEffect, jackknife, meanInterval, ruleOfThree } from '../stats/interval.ts'
import { createRandom } from '../stats/random.ts'
import { signFlipP } from '../stats/sign-flip.ts'
import type { RoundsView } from './level-view.ts'
import type { Metric } from './metrics/metric.ts'

/** Fewer rounds have no spread worth an interval. */
export const ROUNDS_FOR_INTERVAL = 4

/** Fewer rounds cannot reach p < 0.05: the least p of a sign flip is 2^(1-K). */
const ROUNDS_FOR_SIGNIFICANCE = 6

/** Two sides by rounds, for one metric after the other. */
export interface Sides {
  readonly baseline: RoundsView
  readonly candidate: RoundsView
  readonly rounds: number
  /** Why no interval can be given; undefined where one can. */
  readonly noInterval: string | undefined
  readonly order: Order
}

type Compared = Omit<OverheadRow, 'metric' | 'unit'>

/** The difference of a metric, candidate minus baseline, with what is known of its spread over rounds. */
export function compareMetric(
  metric: Metric & { readonly name: ComparedMetric },
  sides: Sides,
): OverheadRow {
  return { metric: metric.name, unit: metric.unit, ...compared(metric, sides) }
}

function compared(metric: Metric, sides: Sides): Compared {
  const baseline = earned(metric, sides.baseline)
  const candidate = earned(metric, sides.candidate)
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
function earned(metric: Metric, view: RoundsView): Estimate {
  const input = view.all()
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

/** The metric for each round left out in turn, both sides. Throws nothing: undefined where a round holds all samples. */
function leaveOut(metric: Metric, sides: Sides): [number, number][] | undefined {
  const values: [number, number][] = []
  for (let round = 0; round < sides.rounds; round += 1) {
    const before = metric.compute(sides.baseline.without(round)).value
    const after = metric.compute(sides.candidate.without(round)).value
    if (before === undefined || after === undefined) return undefined
    values.push([before, after])
  }
  return values
}

function jackknifed(metric: Metric, sides: Sides): Omit<Spread, 'pValue'> {
  const leftOut = leaveOut(metric, sides)
  const before = metric.compute(sides.baseline.all()).value
  const after = metric.compute(sides.candidate.all()).value
  if (leftOut === undefined || before === undefined || after === undefined) {
    return noSpread('all samples lie in one round')
  }
  const difference = jackknife(
    after - before,
    leftOut.map(([one, other]) => other - one),
  )
  const detectable = measured(detectableEffect(difference.standardError, sides.rounds))
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
  const before = sides.baseline.all()
  const after = sides.candidate.all()
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
  const logs: number[] = []
  for (let round = 0; round < sides.rounds; round += 1) {
    const before = metric.compute(sides.baseline.only(round)).value
    const after = metric.compute(sides.candidate.only(round)).value
    if (!before || !after) return noSpread('a round had no ok request')
    logs.push(Math.log(after / before))
  }
  const log = meanInterval(logs)
  const base = metric.compute(sides.baseline.all()).value ?? 0
  const ratio = { low: Math.exp(log.low), high: Math.exp(log.high) }
  return {
    ratioInterval: measured({ ...ratio, method: 'log-ratio-t' }),
    interval: measured({
      low: base * (ratio.low - 1),
      high: base * (ratio.high - 1),
      method: 'log-ratio-t',
    }),
    detectable: measured(base * Math.expm1(detectableEffect(log.standardError, sides.rounds))),
    pValue: significance(logs),
  }
}

/** Exact sign-flip over the differences of each round. */
function pValueOf(metric: Metric, sides: Sides): Estimate {
  const differences: number[] = []
  for (let round = 0; round < sides.rounds; round += 1) {
    const before = metric.compute(sides.baseline.only(round)).value
    const after = metric.compute(sides.candidate.only(round)).value
    if (before === undefined || after === undefined) return unmeasured('a round had no ok request')
    differences.push(after - before)
  }
  return significance(differences)
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
