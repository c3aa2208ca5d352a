import type { Slo } from '../model/budget.ts'
import type { CapacityTrial } from '../model/capacity.ts'
import type { Measurement } from '../model/measurement.ts'
import { attainmentOf } from './goodput.ts'
import { openLoopFigures } from './open-loop-figures.ts'
import { answeredOf } from './summarize.ts'

/** Judges one trial: enough of its requests were ok within the SLO, failures counting as misses and blocks not at all. */
export function judgeTrial(measurement: Measurement, slo: Slo, share: number): CapacityTrial {
  const input = answeredOf(measurement)
  const attainment = attainmentOf(measurement, slo, input.requests)
  return {
    rate: measurement.level.rate ?? 0,
    requests: input.requests,
    attainment,
    lagP99Ms: openLoopFigures(measurement).lag.p99.value ?? 0,
    heldBack: measurement.heldBack,
    passed: (attainment.value ?? 0) >= share,
  }
}

/** Our own lateness, as a share of the SLO, at which a failed trial says more about the client than the endpoint. */
const LATE_SHARE = 0.1

/** Whether the client rather than the endpoint made a trial fail. */
export function isClientLimited({ passed, lagP99Ms, heldBack }: CapacityTrial, slo: Slo): boolean {
  // TPOT alone does not begin at the intended instant, so our lateness is not in it.
  const { e2eMs = Infinity, ttftMs = Infinity } = slo
  return !passed && heldBack === 0 && lagP99Ms > LATE_SHARE * Math.min(e2eMs, ttftMs)
}

/** The longest time that a limit of the SLO allows, ms. */
export function longestLimit({ e2eMs = 0, ttftMs = 0, tpotMs = 0 }: Slo): number {
  return Math.max(e2eMs, ttftMs, tpotMs)
}
