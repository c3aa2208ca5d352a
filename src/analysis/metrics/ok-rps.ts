import { measured, unmeasured } from '../../model/estimate.ts'
import type { Metric } from './metric.ts'

/** `ok_rps = ok / duration`, with the duration from the first send to the last end, in seconds. */
export const okRps = {
  name: 'ok_rps',
  unit: 'rps',
  compute: ({ ok, durationMs }) =>
    durationMs > 0 ? measured(ok / (durationMs / 1000)) : unmeasured('nothing was sent'),
} as const satisfies Metric
