import type { Measurement } from '../model/measurement.ts'
import { OUTCOMES, type Outcome } from '../model/outcome.ts'
import { type SortedSample, sortSample } from '../stats/quantile.ts'

/** A measurement counted once, for the metrics to read. */
export interface BlockView {
  /** Requests that ended by themselves; those that our own stop cancelled are neither ok nor errors. */
  readonly requests: number
  readonly ok: number
  readonly errors: number
  readonly durationMs: number
  /** E2E latencies of the `ok` requests: `endedAt - sentAt`, ms. */
  readonly latencies: SortedSample
  readonly outcomes: Readonly<Partial<Record<Outcome, number>>>
  readonly statuses: Readonly<Record<string, number>>
}

/** E2E latencies in ms of the `ok` samples, in the order in which they ended. */
export function okLatencies({ samples }: Measurement): Float64Array {
  const latencies = new Float64Array(samples.length)
  const okIndex = OUTCOMES.indexOf('ok')
  let count = 0
  for (let row = 0; row < samples.length; row += 1) {
    if (samples.outcome[row] !== okIndex) continue
    latencies[count] = (samples.endedAt[row] ?? 0) - (samples.sentAt[row] ?? 0)
    count += 1
  }
  return latencies.subarray(0, count)
}

export function viewBlock(measurement: Measurement): BlockView {
  const { samples, durationMs } = measurement
  const outcomes: Partial<Record<Outcome, number>> = {}
  const statuses: Record<string, number> = {}
  for (let row = 0; row < samples.length; row += 1) {
    const outcome = OUTCOMES[samples.outcome[row] ?? 0] ?? 'ok'
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
    const status = samples.status[row] ?? 0
    if (status > 0) statuses[status] = (statuses[status] ?? 0) + 1
  }
  const requests = samples.length - (outcomes.cancelled ?? 0)
  const ok = outcomes.ok ?? 0
  return {
    requests,
    ok,
    errors: requests - ok,
    durationMs,
    latencies: sortSample(okLatencies(measurement)),
    outcomes,
    statuses,
  }
}
