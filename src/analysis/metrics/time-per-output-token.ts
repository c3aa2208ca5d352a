import { span, type StreamMetric } from './stream-metric.ts'

/**
 * `TPOT = (lastTokenAt - firstTokenAt) / (outputTokens - 1)`, the first token left out as vLLM leaves it out. Only from
 * the usage that the answer reports, because chunks are not tokens, and only from two tokens on.
 */
export const timePerOutputToken = {
  name: 'tpot',
  unit: 'ms',
  absent: 'no answer reported usage of two tokens or more',
  ofCancelled: false,
  values: ({ firstTokenAt, lastTokenAt, outputTokens }) => {
    const lasted = span(firstTokenAt, lastTokenAt)
    if (lasted === undefined || outputTokens === undefined || outputTokens < 2) return undefined
    return lasted / (outputTokens - 1)
  },
} as const satisfies StreamMetric
