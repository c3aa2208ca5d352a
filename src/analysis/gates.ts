import type { Detection, Rate, Score, Scores } from '../model/detection.ts'
import type { Gate, GateOperator, GateVerdict, RateMetric } from '../model/gate.ts'

/** Each gate against the run. One without data has failed. */
export function judgeGates(gates: readonly Gate[], detection: Detection): GateVerdict[] {
  return gates.map((gate) => {
    const { actual, n, missing } = numberOf(gate, detection)
    if (actual === undefined) {
      return { gate, state: 'FAIL', actual, n, reason: `no data: ${missing}` }
    }
    const kept = KEPT[gate.operator](actual, gate.limit)
    return { gate, state: kept ? 'PASS' : 'FAIL', actual, n, reason: undefined }
  })
}

const KEPT: Readonly<Record<GateOperator, (actual: number, limit: number) => boolean>> = {
  '>=': (actual, limit) => actual >= limit,
  '<=': (actual, limit) => actual <= limit,
  '>': (actual, limit) => actual > limit,
  '<': (actual, limit) => actual < limit,
}

interface GateNumber {
  readonly actual: number | undefined
  readonly n: number
  readonly missing: string | undefined
}

function numberOf({ matrix, of }: Gate, detection: Detection): GateNumber {
  if (of.metric === 'coverage') return pointOf(detection.coverage.decided)
  if (of.metric === 'over_defence') return boundOf(detection.overDefence.blocked, of.bound)
  if (of.metric === 'twin_separation') return boundOf(detection.twins.separation, of.bound)
  if (of.metric === 'flip_rate') return boundOf(detection.repeats.flipped, of.bound)
  const scores = matrix === 'enforced' ? { value: detection.enforced } : detection.detected
  if (scores.value === undefined) return { actual: undefined, n: 0, missing: scores.reason }
  return of.bound === undefined
    ? pointOf(scoreOf(of.metric, scores.value))
    : boundOf(rateOf(of.metric, scores.value), of.bound)
}

function scoreOf(metric: 'f1' | 'balanced_accuracy' | 'mcc', scores: Scores): Score {
  return metric === 'balanced_accuracy' ? scores.balancedAccuracy : scores[metric]
}

function rateOf(metric: Extract<RateMetric, 'tpr' | 'fpr' | 'precision'>, scores: Scores): Rate {
  return scores[metric]
}

function pointOf({ value, n }: Score | Rate): GateNumber {
  return { actual: value.value, n, missing: needed(value.reason, n) }
}

function boundOf({ interval, n }: Rate, bound: 'lower' | 'upper'): GateNumber {
  const { value, reason } = interval
  const actual = bound === 'lower' ? value?.low : value?.high
  return { actual, n, missing: needed(reason, n) }
}

/** A reason that says what it takes is told what there is. */
function needed(reason: string | undefined, n: number): string | undefined {
  return reason?.startsWith('needs ') ? `${reason} cases, has ${n}` : reason
}
