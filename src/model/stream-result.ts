import type { Estimate } from './estimate.ts'
import type { Level } from './level.ts'
import type { MetricUnit, OverheadRow } from './summary.ts'

/** What is measured of streamed answers; docs/streaming.md has each formula. */
export const STREAM_METRICS = [
  'ttfb',
  'ttfc',
  'ttft',
  'icl',
  'tpot',
  'tokens_per_s',
  'chunks',
] as const

export type StreamMetricName = (typeof STREAM_METRICS)[number]

/** What is told of the values of a metric. */
export const STREAM_STATISTICS = ['mean', 'p50', 'p90', 'p95', 'p99'] as const

export type StreamStatistic = (typeof STREAM_STATISTICS)[number]

/** One metric of an endpoint at a level. */
export interface StreamFigures {
  readonly metric: StreamMetricName
  readonly unit: MetricUnit
  /** Values that the statistics are of: answers, or gaps between chunks. */
  readonly count: number
  readonly statistics: Readonly<Record<StreamStatistic, Estimate>>
}

/** The streams of one endpoint at one level. */
export interface StreamSummary {
  readonly endpoint: string
  readonly level: Level
  /** Ok answers that are no blocks. */
  readonly answers: number
  /** Streams that the client ended itself, as `--cancel-after` asked for. */
  readonly cancelledAsAsked: number
  readonly figures: readonly StreamFigures[]
  /** Output tokens of all ok answers, as usage reports them; absent where an answer has none. */
  readonly outputTokens: Estimate
  /** `outputTokens` over the duration that `ok_rps` is over. */
  readonly outputTokensPerS: Estimate
}

/** One metric of two endpoints. */
export interface StreamComparison {
  readonly metric: StreamMetricName
  readonly unit: MetricUnit
  readonly rows: readonly OverheadRow<StreamStatistic>[]
}

/** What the candidate adds to the baseline's streams at one level. */
export interface StreamOverhead {
  readonly baseline: string
  readonly candidate: string
  readonly level: Level
  /** The baseline against itself. */
  readonly control: boolean
  readonly comparisons: readonly StreamComparison[]
}

/** What may be wrong with a stream. Those that need a baseline compare the same prompt through both. */
export const STREAM_CHECKS = [
  'not a stream',
  'truncated',
  'error event',
  'no [DONE]',
  'no usage',
  'no role frame',
  'two role frames',
  'broken text',
  'not JSON',
  'after [DONE]',
  'comments',
  'CR line ends',
  'no space',
  'one burst',
  'altered',
  'reordered',
] as const

export type StreamCheck = (typeof STREAM_CHECKS)[number]

/** So many of so many. */
export interface Share {
  readonly count: number
  readonly of: number
}

/** How whole the streams of one endpoint at one level are. */
export interface StreamIntegrity {
  readonly endpoint: string
  readonly level: Level
  /** Whom it is compared with; absent for the baseline, and for a single endpoint. */
  readonly baseline: string | undefined
  readonly control: boolean
  readonly checks: Readonly<Record<StreamCheck, Estimate<Share>>>
  /** Content chunks over the reads that brought them. */
  readonly chunksPerRead: Estimate
  /** `chunksPerRead` over that of the baseline: above 1 the proxy joins chunks. */
  readonly coalescing: Estimate
}

/** What became of the cancellations of one endpoint at one level behind the proxy. */
export interface UpstreamCancellations {
  readonly endpoint: string
  readonly level: Level
  /** By us, as asked. */
  readonly cancelled: number
  /** How many of them the upstream saw go away. */
  readonly stopped: Estimate<Share>
  /** From our cancelling until the upstream saw it, ms. */
  readonly p50: Estimate
  readonly p95: Estimate
  readonly max: Estimate
}

/** Everything computed from a run's streams. */
export interface StreamResult {
  readonly summaries: readonly StreamSummary[]
  readonly overheads: readonly StreamOverhead[]
  /** One a summary, in the same order. */
  readonly integrity: readonly StreamIntegrity[]
  /** Only where the upstream's log was read. */
  readonly cancellations?: readonly UpstreamCancellations[] | undefined
}
