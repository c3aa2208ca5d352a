import { type Estimate, measured, unmeasured } from '../model/estimate.ts'
import type { Measurement } from '../model/measurement.ts'
import type { Order } from '../model/plan.ts'
import type { Interval, Overhead, OverheadRow } from '../model/summary.ts'
import { detectableEffect, jackknife, meanInterval, ruleOfThree } from '../stats/interval.ts'
import { createRandom } from '../stats/random.ts'
import { signFlipP } from '../stats/sign-flip.ts'
import { LevelView } from './level-view.ts'
import { OVERHEAD_METRICS } from './metrics/index.ts'
import type { Metric } from './metrics/metric.ts'
import { pairedDifference } from './paired-difference.ts'
import { pairUp } from './pairs.ts'

/** Fewer rounds have no spread worth an interval. */
export const ROUNDS_FOR_INTERVAL = 4

/** Fewer rounds cannot reach p < 0.05: the least p of a sign flip is 2^(1-K). */
export const ROUNDS_FOR_SIGNIFICANCE = 6

export interface ComparisonOptions {
  readonly order: Order
  /** An A/A comparison: the baseline against itself. */
  readonly control?: boolean
}

interface Sides {
  readonly baseline: LevelView
  readonly candidate: LevelView
  readonly rounds: number
  /** Why no interval can be given; undefined where one can. */
  readonly noInterval: string | undefined
  readonly order: Order
}

/**
 * What `candidate` adds to `baseline` at a level: the difference of each metric pooled over all rounds, with the
 * delete-one-round jackknife's interval. Latencies are those of pairs with both sides ok, so that a failure on one
 * side does not change which prompts are compared; with the sequential order they are all, as in the specification.
 */
export function compareMeasurements(
  baseline: Measurement,
  candidate: Measurement,
  { order, control = false }: ComparisonOptions,
): Overhead {
  const pairs = pairUp(baseline, candidate)
  const keep =
    order === 'sequential' ? undefined : (sequence: number) => pairs.sequences.has(sequence)
  const before = new LevelView(baseline, keep)
  const after = new LevelView(candidate, keep)
  const rounds = Math.min(before.rounds, after.rounds)
  const noInterval = reasonAgainstInterval(order, rounds)
  const sides: Sides = { baseline: before, candidate: after, rounds, noInterval, order }
  return {
    baseline: baseline.endpoint,
    candidate: candidate.endpoint,
    level: baseline.level,
    rounds,
    control,
    rows: OVERHEAD_METRICS.map((metric) => ({
      metric: metric.name,
      unit: metric.unit,
      ...compareMetric(metric, sides),
    })),
    paired: pairedDifference(pairs, rounds, noInterval),
    pairsLeftOut: keep === undefined ? 0 : pairs.leftOut,
  }
}

function reasonAgainstInterval(order: Order, rounds: number): string | undefined {
  if (order === 'sequential') {
    return '--order sequential measures one side after the other, so drift cannot be told from overhead'
  }
  if (rounds >= ROUNDS_FOR_INTERVAL) return undefined
  return `${rounds} ${rounds === 1 ? 'round is' : 'rounds are'} too few, an interval needs ${ROUNDS_FOR_INTERVAL}; raise --requests or lower the concurrency`
}

type Compared = Omit<OverheadRow, 'metric' | 'unit'>

function compareMetric(metric: Metric, sides: Sides): Compared {
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
function earned(metric: Metric, view: LevelView): Estimate {
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
