import { type Attributes, SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api'
import type { Resource } from '@opentelemetry/resources'
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base'
import { sameLevel } from '../model/level.ts'
import type { Measurement } from '../model/measurement.ts'
import { OUTCOMES, type Outcome } from '../model/outcome.ts'
import type { RunRecord } from '../model/run-record.ts'
import { createTraceIds, type TraceIds } from '../schedule/trace-ids.ts'
import { SCOPE, toHrTime } from './otlp-common.ts'

/**
 * At most `most` requests of a run as client spans, with the ids that their `traceparent` had. The same sequences of each
 * endpoint are taken, evenly over each level, so that what is compared is there from both sides.
 */
export function toSpans(record: RunRecord, resource: Resource, most: number): ReadableSpan[] {
  const { measurements, clockZeroAt } = record
  const total = measurements.reduce((sum, { samples }) => sum + samples.length, 0)
  if (most === 0 || total === 0 || clockZeroAt === undefined) return []
  const stride = Math.max(1, Math.ceil(total / most))
  const spans = measurements.flatMap((measurement) =>
    spansOf(measurement, { record, resource, stride, clockZeroAt }),
  )
  return spans.slice(0, most)
}

interface Spanning {
  readonly record: RunRecord
  readonly resource: Resource
  readonly stride: number
  readonly clockZeroAt: number
}

function spansOf(measurement: Measurement, spanning: Spanning): ReadableSpan[] {
  const { record, stride } = spanning
  const { plan, startedAt } = record
  const { samples, endpoint, level } = measurement
  const levelIndex = plan.levels.findIndex((one) => sameLevel(one, level))
  // Without a traceparent the ids are known to nobody else, and are as good as any.
  const traceKey = plan.traceKey ?? `${startedAt}/${plan.seed}`
  const idsOf = createTraceIds({ traceKey, endpoint, levelIndex })
  const rows = Array.from({ length: samples.length }, (_, row) => row)
  return rows
    .filter((row) => (samples.sequence[row] ?? 0) % stride === 0)
    .map((row) => toSpan(measurement, row, { ...spanning, ids: idsOf(samples.sequence[row] ?? 0) }))
}

function toSpan(
  measurement: Measurement,
  row: number,
  { record, resource, clockZeroAt, ids }: Spanning & { readonly ids: TraceIds },
): ReadableSpan {
  const { samples } = measurement
  const outcome = OUTCOMES[samples.outcome[row] ?? 0] ?? 'ok'
  const sentAt = samples.sentAt[row] ?? 0
  const endedAt = samples.endedAt[row] ?? sentAt
  const firstByteAt = samples.firstByteAt[row] ?? Number.NaN
  return {
    name: `chat ${record.spec.model}`,
    kind: SpanKind.CLIENT,
    spanContext: () => ({ ...ids, traceFlags: TraceFlags.SAMPLED }),
    startTime: toHrTime(clockZeroAt + sentAt),
    endTime: toHrTime(clockZeroAt + endedAt),
    duration: toHrTime(endedAt - sentAt),
    ended: true,
    status: { code: outcome === 'ok' ? SpanStatusCode.UNSET : SpanStatusCode.ERROR },
    attributes: attributesOf(measurement, row, { model: record.spec.model, outcome }),
    links: [],
    events: Number.isNaN(firstByteAt)
      ? []
      : [{ name: 'first byte', time: toHrTime(clockZeroAt + firstByteAt) }],
    resource,
    instrumentationScope: SCOPE,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  }
}

/** By OpenTelemetry's semantic conventions for HTTP and GenAI clients, then ours. */
function attributesOf(
  { endpoint, url, level, samples }: Measurement,
  row: number,
  { model, outcome }: { readonly model: string; readonly outcome: Outcome },
): Attributes {
  const { hostname, port, protocol } = new URL(url)
  const status = samples.status[row] ?? 0
  return {
    'gen_ai.operation.name': 'chat',
    'gen_ai.request.model': model,
    'http.request.method': 'POST',
    'url.full': url,
    'server.address': hostname,
    'server.port': Number(port || (protocol === 'https:' ? 443 : 80)),
    ...(status === 0 ? {} : { 'http.response.status_code': status }),
    ...(outcome === 'ok' ? {} : { 'error.type': outcome }),
    'llmtrace_bench.endpoint': endpoint,
    'llmtrace_bench.concurrency': level.concurrency,
    ...(level.rate === undefined ? {} : { 'llmtrace_bench.rate': level.rate }),
    'llmtrace_bench.round': samples.round[row] ?? 0,
    'llmtrace_bench.sequence': samples.sequence[row] ?? 0,
    'llmtrace_bench.prompt_index': samples.promptIndex[row] ?? 0,
  }
}
