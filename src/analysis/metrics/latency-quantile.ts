import { measured, unmeasured } from '../../model/estimate.ts'
import { quantile } from '../../stats/quantile.ts'
import type { Metric } from './metric.ts'

/** Samples that have to lie beyond a quantile before it says more than a few lucky requests. */
const BEYOND = 10

/** Ok requests that the quantile `p` needs: 20 for p50, 200 for p95, 1000 for p99. */
export function samplesFor(p: number): number {
  // Rounded first: 10 / (1 - 0.95) is a hair above 200.
  return Math.ceil(Number((BEYOND / (1 - p)).toFixed(6)))
}

/** The quantile `p` of the E2E latency over `ok` requests, type 7; `p` = 1 is the maximum. */
export function latencyQuantile<const N extends string>(name: N, p: number) {
  return {
    name,
    unit: 'ms',
    compute: ({ latencies }) => {
      const value = quantile(latencies, p)
      return value === undefined ? unmeasured('no request was ok') : measured(value)
    },
    needs: p < 1 ? samplesFor(p) : 0,
    interval: 'jackknife',
  } as const satisfies Metric
}
