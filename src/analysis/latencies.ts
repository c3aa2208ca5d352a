import type { Measurement } from '../model/measurement.ts'
import { OUTCOMES } from '../model/outcome.ts'
import type { Milliseconds } from '../model/units.ts'

const OK = OUTCOMES.indexOf('ok')

export function isOk({ samples }: Measurement, row: number): boolean {
  return samples.outcome[row] === OK
}

/**
 * E2E latency of a row in ms: from the intended instant where there is one (open loop), else from the sending, to the
 * body fully read.
 */
export function latencyOf({ samples }: Measurement, row: number): Milliseconds {
  const intendedAt = samples.intendedAt[row] ?? Number.NaN
  const begunAt = Number.isNaN(intendedAt) ? (samples.sentAt[row] ?? 0) : intendedAt
  return (samples.endedAt[row] ?? 0) - begunAt
}

/** E2E latencies in ms of the `ok` samples, in the order in which they ended. */
export function okLatencies(measurement: Measurement): Float64Array {
  const latencies = new Float64Array(measurement.samples.length)
  let count = 0
  for (let row = 0; row < measurement.samples.length; row += 1) {
    if (!isOk(measurement, row)) continue
    latencies[count] = latencyOf(measurement, row)
    count += 1
  }
  return latencies.subarray(0, count)
}
