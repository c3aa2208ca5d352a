import { type Estimate, measured, unmeasured } from '../model/estimate.ts'
import { sameLevel } from '../model/level.ts'
import {
  type Share,
  STREAM_CHECKS,
  STREAM_METRICS,
  STREAM_STATISTICS,
  type StreamCheck,
  type StreamFigures,
  type StreamIntegrity,
  type StreamMetricName,
  type StreamOverhead,
  type StreamResult,
  type StreamStatistic,
  type StreamSummary,
} from '../model/stream-result.ts'
import type { MetricUnit } from '../model/summary.ts'
import { levelOf, rowOf } from './read-result-file.ts'
import { type Json, list, number, record } from './result-values.ts'

const UNITS: Readonly<Record<StreamMetricName, MetricUnit>> = {
  ttfb: 'ms',
  ttfc: 'ms',
  ttft: 'ms',
  icl: 'ms',
  tpot: 'ms',
  tokens_per_s: 'tps',
  chunks: 'count',
}

/** What a result file holds of streams, as its tables are printed from; undefined where it holds nothing of them. */
export function readStreams(file: Json): StreamResult | undefined {
  if (file['streams'] === undefined) return undefined
  const streams = record(file['streams'])
  const summaries = list(streams['runs']).map((run) => summaryOf(run))
  return {
    summaries,
    overheads: list(streams['overhead']).map((one) => overheadOf(one, summaries)),
    integrity: list(streams['integrity']).map((one) => integrityOf(one)),
  }
}

function summaryOf(run: Json): StreamSummary {
  const metrics = record(run['metrics'])
  return {
    endpoint: String(run['endpoint']),
    level: levelOf(run),
    answers: number(run['ok']) ?? 0,
    cancelledAsAsked: number(run['cancelled_as_asked']) ?? 0,
    figures: STREAM_METRICS.map((metric) => figuresOf(metric, record(metrics[metric]))),
    outputTokens: estimate(run['output_tokens'], 'not every answer reported usage'),
    outputTokensPerS: estimate(run['output_tokens_per_s'], 'not every answer reported usage'),
  }
}

function figuresOf(metric: StreamMetricName, figures: Json): StreamFigures {
  const absent = record(figures['absent'])
  const statistics = Object.fromEntries(
    STREAM_STATISTICS.map((name) => [name, estimate(figures[name], absent[name])]),
  ) as Record<StreamStatistic, Estimate>
  return { metric, unit: UNITS[metric], count: number(figures['count']) ?? 0, statistics }
}

function overheadOf(one: Json, summaries: readonly StreamSummary[]): StreamOverhead {
  const level = levelOf(one)
  const baseline = String(one['baseline'])
  const candidate = String(one['candidate'])
  const metrics = record(one['metrics'])
  const sideOf = (endpoint: string, metric: StreamMetricName) =>
    summaries
      .find((summary) => summary.endpoint === endpoint && sameLevel(summary.level, level))
      ?.figures.find((figures) => figures.metric === metric)?.statistics
  return {
    baseline,
    candidate,
    level,
    control: one['control'] === true,
    comparisons: STREAM_METRICS.map((metric) => ({
      metric,
      unit: UNITS[metric],
      rows: STREAM_STATISTICS.map((statistic) => ({
        metric: statistic,
        unit: UNITS[metric],
        baseline: sideOf(baseline, metric)?.[statistic] ?? unmeasured('not in the file'),
        candidate: sideOf(candidate, metric)?.[statistic] ?? unmeasured('not in the file'),
        ...rowOf(record(metrics[metric]), statistic),
      })),
    })),
  }
}

function integrityOf(one: Json): StreamIntegrity {
  const absent = record(one['absent'])
  const checks = record(one['checks'])
  const { baseline } = one
  return {
    endpoint: String(one['endpoint']),
    level: levelOf(one),
    baseline: typeof baseline === 'string' ? baseline : undefined,
    control: one['control'] === true,
    checks: Object.fromEntries(
      STREAM_CHECKS.map((check) => [check, shareOf(checks[check], absent[check])]),
    ) as Record<StreamCheck, Estimate<Share>>,
    chunksPerRead: estimate(one['chunks_per_read'], undefined),
    coalescing: estimate(one['coalescing'], undefined),
  }
}

function shareOf(value: unknown, reason: unknown): Estimate<Share> {
  const [count, of] = Array.isArray(value) ? (value as unknown[]) : []
  if (typeof count === 'number' && typeof of === 'number') return measured({ count, of })
  return unmeasured(typeof reason === 'string' ? reason : 'not in the file')
}

function estimate(value: unknown, reason: unknown): Estimate {
  if (typeof value === 'number') return measured(value)
  return unmeasured(typeof reason === 'string' ? reason : 'not in the file')
}
