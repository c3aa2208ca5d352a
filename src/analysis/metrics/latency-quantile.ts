import { measured, unmeasured } from '../../model/estimate.ts'
import { quantile } from '../../stats/quantile.ts'
import type { Metric } from './metric.ts'

/** The quantile `p` of the E2E latency over `ok` requests, type 7; `p` = 1 is the maximum. */
export function latencyQuantile<const N extends string>(name: N, p: number) {
  return {
    name,
    unit: 'ms',
    compute: ({ latencies }) => {
      const value = quantile(latencies, p)
      return value === undefined ? unmeasured('no request was ok') : measured(value)
    },
  } as const satisfies Metric
}
