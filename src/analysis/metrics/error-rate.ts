import { measured, unmeasured } from '../../model/estimate.ts'
import type { Metric } from './metric.ts'

/** `errors / requests`, 0 to 1: everything that ended other than with a 2xx. */
export const errorRate = {
  name: 'err_rate',
  unit: 'ratio',
  compute: ({ errors, requests }) =>
    requests > 0 ? measured(errors / requests) : unmeasured('nothing was sent'),
  needs: 0,
  interval: 'rate',
} as const satisfies Metric
