import { span, type StreamMetric } from './stream-metric.ts'

/**
 * `TTFB = firstByteAt - begunAt`: from the sending (open loop: from the intended instant) to the first byte of the
 * response, which is that of its head. A proxy that answers before its upstream does has a short one.
 */
export const timeToFirstByte = {
  name: 'ttfb',
  unit: 'ms',
  absent: 'no answer was ok',
  ofCancelled: true,
  values: ({ begunAt, firstByteAt }) => span(begunAt, firstByteAt),
} as const satisfies StreamMetric
