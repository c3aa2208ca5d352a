import type {
  StreamIntegrity,
  StreamOverhead,
  StreamResult,
  StreamSummary,
  UpstreamCancellations,
} from '../model/stream-result.ts'
import { present, round, rowsJson } from './comparison-json.ts'

/** The streams of a run as the result file has them: a key a metric, in it a key a statistic. */
export function streamsJson({ summaries, overheads, integrity, cancellations }: StreamResult) {
  return {
    runs: summaries.map((one) => summaryJson(one)),
    overhead: overheads.map((one) => overheadJson(one)),
    integrity: integrity.map((one) => integrityJson(one)),
    ...(cancellations === undefined
      ? {}
      : { cancelled_upstream: cancellations.map((one) => cancellationsJson(one)) }),
  }
}

function summaryJson(summary: StreamSummary) {
  const { endpoint, level, answers, cancelledAsAsked, figures } = summary
  const { outputTokens, outputTokensPerS } = summary
  return {
    endpoint,
    ...levelJson(level),
    ok: answers,
    cancelled_as_asked: cancelledAsAsked,
    ...present([
      ['output_tokens', outputTokens],
      ['output_tokens_per_s', outputTokensPerS],
    ]),
    metrics: Object.fromEntries(
      figures.map(({ metric, count, statistics }) => {
        const absent = Object.entries(statistics).flatMap(
          ([name, { reason }]): [string, string][] =>
            reason === undefined ? [] : [[name, reason]],
        )
        return [
          metric,
          {
            count,
            ...present(Object.entries(statistics)),
            ...(absent.length === 0 ? {} : { absent: Object.fromEntries(absent) }),
          },
        ]
      }),
    ),
  }
}

function overheadJson({ baseline, candidate, level, control, comparisons }: StreamOverhead) {
  return {
    baseline,
    candidate,
    ...levelJson(level),
    control,
    metrics: Object.fromEntries(comparisons.map(({ metric, rows }) => [metric, rowsJson(rows)])),
  }
}

function integrityJson(one: StreamIntegrity) {
  const { endpoint, level, baseline, control, checks, chunksPerRead, coalescing } = one
  const entries = Object.entries(checks)
  return {
    endpoint,
    ...levelJson(level),
    ...(baseline === undefined ? {} : { baseline }),
    control,
    checks: Object.fromEntries(
      entries.flatMap(([name, { value }]): [string, [number, number]][] =>
        value === undefined ? [] : [[name, [value.count, value.of]]],
      ),
    ),
    absent: Object.fromEntries(
      entries.flatMap(([name, { reason }]): [string, string][] =>
        reason === undefined ? [] : [[name, reason]],
      ),
    ),
    ...present([
      ['chunks_per_read', chunksPerRead],
      ['coalescing', coalescing],
    ]),
  }
}

function cancellationsJson(one: UpstreamCancellations) {
  const { endpoint, level, cancelled, stopped, p50, p95, max } = one
  const reason = stopped.reason ?? max.reason
  return {
    endpoint,
    ...levelJson(level),
    cancelled,
    ...(stopped.value === undefined ? {} : { stopped: stopped.value.count }),
    late_ms: present([
      ['p50', p50],
      ['p95', p95],
      ['max', max],
    ]),
    ...(reason === undefined ? {} : { absent: reason }),
  }
}

function levelJson({ concurrency, rate }: StreamSummary['level']) {
  return { concurrency, ...(rate === undefined ? {} : { rate: round(rate, 6) }) }
}
