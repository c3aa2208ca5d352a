import { measured, unmeasured } from '../../model/estimate.ts'
import type { Metric } from './metric.ts'

/** `ok_rps = ok / duration`, with the duration from the first send to the last end of each round, in seconds. */
export const okRps = {
  name: 'ok_rps',
  unit: 'rps',
  compute: ({ ok, durationMs }) =>
    durationMs > 0 ? measured(ok / (durationMs / 1000)) : unmeasured('nothing was sent'),
  needs: 0,
  interval: 'log-ratio-t',
} as const satisfies Metric
