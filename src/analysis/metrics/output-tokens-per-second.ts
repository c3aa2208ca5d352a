import type { StreamMetric } from './stream-metric.ts'

/** `outputTokens / (endedAt - begunAt)` of each answer, in tokens per second: what one reader gets, waiting included. */
export const outputTokensPerSecond = {
  name: 'tokens_per_s',
  unit: 'tps',
  absent: 'no answer reported usage',
  ofCancelled: false,
  values: ({ begunAt, endedAt, outputTokens }) =>
    outputTokens === undefined || endedAt <= begunAt
      ? undefined
      : (outputTokens * 1000) / (endedAt - begunAt),
} as const satisfies StreamMetric
