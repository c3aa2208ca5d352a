import { type Estimate, measured, unmeasured } from '../model/estimate.ts'
import type { Measurement } from '../model/measurement.ts'
import type { OpenLoopFigures } from '../model/summary.ts'
import { quantile, type SortedSample, sortSample } from '../stats/quantile.ts'
import { isAnswered } from './answered.ts'

/** Service times of what was answered, and schedule lag, of an open loop. */
export function openLoopFigures(measurement: Measurement): OpenLoopFigures {
  const { samples } = measurement
  const service: number[] = []
  const lags: number[] = []
  for (let row = 0; row < samples.length; row += 1) {
    const sentAt = samples.sentAt[row] ?? 0
    lags.push(sentAt - (samples.intendedAt[row] ?? sentAt))
    if (isAnswered(measurement, row)) service.push((samples.endedAt[row] ?? 0) - sentAt)
  }
  const times = sortSample(service)
  const late = sortSample(lags)
  return {
    service: {
      p50: quantileOf(times, 0.5),
      p95: quantileOf(times, 0.95),
      p99: quantileOf(times, 0.99),
    },
    lag: { p50: quantileOf(late, 0.5), p99: quantileOf(late, 0.99) },
    heldBack: measurement.heldBack,
  }
}

function quantileOf(sample: SortedSample, p: number): Estimate {
  const value = quantile(sample, p)
  return value === undefined ? unmeasured('no request was ok') : measured(value)
}
