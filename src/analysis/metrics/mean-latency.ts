import { measured, unmeasured } from '../../model/estimate.ts'
import { mean } from '../../stats/quantile.ts'
import type { Metric } from './metric.ts'

/** Arithmetic mean of the E2E latency over `ok` requests. */
export const meanLatency = {
  name: 'mean',
  unit: 'ms',
  compute: ({ latencies }) => {
    const value = mean(latencies)
    return value === undefined ? unmeasured('no request was ok') : measured(value)
  },
  needs: 2,
  interval: 'jackknife',
} as const satisfies Metric
