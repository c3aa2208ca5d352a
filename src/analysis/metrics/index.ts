import { errorRate } from './error-rate.ts'
import { latencyQuantile } from './latency-quantile.ts'
import { meanLatency } from './mean-latency.ts'
import { okRps } from './ok-rps.ts'

/** What latencies alone give. */
export const LATENCY_METRICS = [
  meanLatency,
  latencyQuantile('p50', 0.5),
  latencyQuantile('p95', 0.95),
  latencyQuantile('p99', 0.99),
] as const

/** The rows of the overhead table, in its order. */
export const OVERHEAD_METRICS = [okRps, ...LATENCY_METRICS, errorRate] as const

/** Every metric of a block. */
export const METRICS = [...OVERHEAD_METRICS, latencyQuantile('max', 1)] as const
