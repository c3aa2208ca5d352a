import { span, type StreamMetric } from './stream-metric.ts'

/** `TTFC = firstChunkAt - begunAt`: to the first server-sent event of any kind, such as the one that names the role. */
export const timeToFirstChunk = {
  name: 'ttfc',
  unit: 'ms',
  absent: 'no answer held an event',
  ofCancelled: true,
  values: ({ begunAt, firstChunkAt }) => span(begunAt, firstChunkAt),
} as const satisfies StreamMetric
