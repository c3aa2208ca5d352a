import { measured, unmeasured } from '../../model/estimate.ts'
import type { StreamStatistic } from '../../model/stream-result.ts'
import { mean, quantile, type SortedSample } from '../../stats/quantile.ts'
import { chunksPerAnswer } from './chunks-per-answer.ts'
import { interChunkLatency } from './inter-chunk-latency.ts'
import { samplesFor } from './latency-quantile.ts'
import type { Metric } from './metric.ts'
import { outputTokensPerSecond } from './output-tokens-per-second.ts'
import type { StreamMetric } from './stream-metric.ts'
import { timePerOutputToken } from './time-per-output-token.ts'
import { timeToFirstByte } from './time-to-first-byte.ts'
import { timeToFirstChunk } from './time-to-first-chunk.ts'
import { timeToFirstToken } from './time-to-first-token.ts'

/** What is measured of streamed answers, in the order of the tables. */
export const STREAM_METRIC_LIST: readonly StreamMetric[] = [
  timeToFirstByte,
  timeToFirstChunk,
  timeToFirstToken,
  interChunkLatency,
  timePerOutputToken,
  outputTokensPerSecond,
  chunksPerAnswer,
]

type Statistic = Metric & { readonly name: StreamStatistic }

/** Mean and quantiles of a metric's values, by the rules of the latencies: ten values have to lie beyond a quantile. */
export function statisticsOf({ unit, absent }: StreamMetric): Statistic[] {
  const statistic = (
    name: StreamStatistic,
    needs: number,
    of: (sample: SortedSample) => number | undefined,
  ): Statistic => ({
    name,
    unit,
    needs,
    interval: 'jackknife',
    compute: ({ latencies }) => {
      const value = of(latencies)
      return value === undefined ? unmeasured(absent) : measured(value)
    },
  })
  const level = (name: StreamStatistic, p: number) =>
    statistic(name, samplesFor(p), (sample) => quantile(sample, p))
  return [
    statistic('mean', 2, (sample) => mean(sample)),
    level('p50', 0.5),
    level('p90', 0.9),
    level('p95', 0.95),
    level('p99', 0.99),
  ]
}
