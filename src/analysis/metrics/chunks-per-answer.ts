import type { StreamMetric } from './stream-metric.ts'

/** Content chunks of each answer. Fewer through a proxy than direct: it joins them. */
export const chunksPerAnswer = {
  name: 'chunks',
  unit: 'count',
  absent: 'no answer held content',
  ofCancelled: false,
  values: ({ chunks }) => (chunks === 0 ? undefined : chunks),
} as const satisfies StreamMetric
