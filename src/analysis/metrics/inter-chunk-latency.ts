import type { StreamMetric } from './stream-metric.ts'

/**
 * `ICL`: each gap between neighbouring content chunks of an answer, pooled over all answers; 0 between two chunks of
 * one read. Not called inter-token latency: proxies cut streams anew, and a chunk is not a token.
 */
export const interChunkLatency = {
  name: 'icl',
  unit: 'ms',
  absent: 'no answer held two content chunks',
  ofCancelled: true,
  values: ({ gapsMs }) => gapsMs,
} as const satisfies StreamMetric
