import type { Slo } from '../model/budget.ts'
import { type Estimate, measured, unmeasured } from '../model/estimate.ts'
import type { SortedSample } from '../stats/quantile.ts'
import type { MetricInput } from './level-view.ts'

/** Goodput: ok requests within the SLO per second of the duration that `ok_rps` is over. */
export function goodputOf({ latencies, durationMs }: MetricInput, { e2eMs }: Slo): Estimate {
  if (durationMs <= 0) return unmeasured('nothing was sent')
  return measured(countUpTo(latencies, e2eMs) / (durationMs / 1000))
}

/** Share of all requests that were ok within the SLO, 0 to 1. */
export function attainmentOf({ latencies, requests }: MetricInput, { e2eMs }: Slo): Estimate {
  if (requests === 0) return unmeasured('nothing was sent')
  return measured(countUpTo(latencies, e2eMs) / requests)
}

function countUpTo(latencies: SortedSample, limit: number): number {
  const over = latencies.findIndex((latency) => latency > limit)
  return over === -1 ? latencies.length : over
}
