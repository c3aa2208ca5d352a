import { span, type StreamMetric } from './stream-metric.ts'

/**
 * `TTFT = firstTokenAt - begunAt`: to the first event with content or reasoning in it. The event that only names the
 * role does not count: a proxy that adds or drops it would move the figure by a whole prefill.
 */
export const timeToFirstToken = {
  name: 'ttft',
  unit: 'ms',
  absent: 'no answer held content',
  ofCancelled: true,
  values: ({ begunAt, firstTokenAt }) => span(begunAt, firstTokenAt),
} as const satisfies StreamMetric
