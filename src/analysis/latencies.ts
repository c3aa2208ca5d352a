import type { Measurement } from '../model/measurement.ts'
import { OUTCOMES } from '../model/outcome.ts'
import type { Milliseconds } from '../model/units.ts'

const OK = OUTCOMES.indexOf('ok')

export function isOk({ samples }: Measurement, row: number): boolean {
  return samples.outcome[row] === OK
}

/** When a row's latency begins: at the intended instant where there is one (open loop), else at the sending. */
export function begunAt({ samples }: Measurement, row: number): Milliseconds {
  const intendedAt = samples.intendedAt[row] ?? Number.NaN
  return Number.isNaN(intendedAt) ? (samples.sentAt[row] ?? 0) : intendedAt
}

/** E2E latency of a row in ms: from where it begins to the body fully read. */
export function latencyOf(measurement: Measurement, row: number): Milliseconds {
  return (measurement.samples.endedAt[row] ?? 0) - begunAt(measurement, row)
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
