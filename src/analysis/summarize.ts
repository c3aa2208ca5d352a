import type { Measurement } from '../model/measurement.ts'
import type { Summary } from '../model/summary.ts'
import { viewBlock } from './block-view.ts'
import { METRICS } from './metrics/index.ts'

/** The numbers of one endpoint at one level. */
export function summarize(measurement: Measurement): Summary {
  const view = viewBlock(measurement)
  const metrics = Object.fromEntries(METRICS.map(({ name, compute }) => [name, compute(view)]))
  return {
    endpoint: measurement.endpoint,
    url: measurement.url,
    concurrency: measurement.concurrency,
    requests: view.requests,
    ok: view.ok,
    errors: view.errors,
    durationMs: view.durationMs,
    metrics: metrics as Summary['metrics'],
    statuses: view.statuses,
    outcomes: view.outcomes,
    freshConnections: measurement.samples.reused.reduce((fresh, one) => fresh + (1 - one), 0),
    partial: measurement.partial,
  }
}
