import { type ExchangeRecord, type Finding, SEVERITIES } from '../exchange-record.ts'
import type { StoreTotals, Trace } from '../store/trace-store.ts'

/** What the proxy speaks; LLMTrace's name for it. */
export const PROVIDER = 'OpenAI'

const ALERT_FROM = SEVERITIES.indexOf('High')

/** An exchange as LLMTrace's Span. What is ours alone stands under names that LLMTrace has not. */
export function spanJson(record: ExchangeRecord) {
  const { promptTokens, completionTokens, startedAt, durationMs } = record
  return {
    trace_id: uuidOf(record.traceId),
    span_id: record.spanId,
    parent_span_id: record.parentSpanId ?? null,
    tenant_id: record.tenantId ?? null,
    agent_id: record.agentId ?? null,
    operation_name: record.stream ? 'chat_completion_stream' : 'chat_completion',
    start_time: isoTime(startedAt),
    end_time: isoTime(startedAt + durationMs),
    provider: PROVIDER,
    model_name: record.model ?? null,
    prompt: record.prompt ?? null,
    response: record.response ?? null,
    prompt_tokens: promptTokens ?? null,
    completion_tokens: completionTokens ?? null,
    total_tokens: totalOf(promptTokens, completionTokens),
    time_to_first_token_ms: record.timeToFirstTokenMs ?? null,
    duration_ms: durationMs,
    status_code: record.status ?? null,
    error_message: record.error ?? null,
    estimated_cost_usd: null,
    security_score: record.score ?? null,
    security_findings: record.findings.map((finding, place) => findingJson(finding, place, record)),
    tags: {},
    events: [],
    agent_actions: [],
    action: record.action,
    blocked_stage: record.blockedStage ?? null,
    method: record.method,
    path: record.path,
    analysis_ms: record.analysisMs ?? null,
    upstream_ms: record.upstreamMs ?? null,
  }
}

function findingJson(finding: Finding, place: number, record: ExchangeRecord) {
  return {
    id: `${record.spanId}-${place}`,
    severity: finding.severity,
    finding_type: finding.type,
    description: finding.description,
    detected_at: isoTime(record.startedAt),
    confidence_score: finding.confidence,
    location: finding.location,
    metadata: { rule: finding.rule, evidence: finding.evidence },
    requires_alert: SEVERITIES.indexOf(finding.severity) >= ALERT_FROM,
  }
}

/** LLMTrace's TraceEvent. */
export function traceJson(trace: Trace) {
  const [newest] = trace.exchanges
  return {
    trace_id: uuidOf(trace.traceId),
    tenant_id: newest?.tenantId ?? null,
    spans: trace.exchanges.map((record) => spanJson(record)),
    span_count: trace.exchangeCount,
    created_at: isoTime(trace.startedAt),
  }
}

export function totalsJson(totals: StoreTotals) {
  const { oldestAt, newestAt } = totals
  return {
    total_traces: totals.traces,
    total_spans: totals.exchanges,
    storage_size_bytes: totals.bytes,
    oldest_trace: oldestAt === undefined ? null : isoTime(oldestAt),
    newest_trace: newestAt === undefined ? null : isoTime(newestAt),
  }
}

/** LLMTrace prints trace ids as UUIDs; anything but 32 hexadecimal digits stays as it is. */
function uuidOf(traceId: string): string {
  return traceId.replace(
    /^([\da-f]{8})([\da-f]{4})([\da-f]{4})([\da-f]{4})([\da-f]{12})$/,
    '$1-$2-$3-$4-$5',
  )
}

/** RFC 3339; an instant beyond the calendar is the calendar's end. */
function isoTime(instant: number): string {
  const most = 8.64e15
  return new Date(Math.max(-most, Math.min(most, instant))).toISOString()
}

function totalOf(prompt: number | undefined, completion: number | undefined): number | null {
  return prompt === undefined && completion === undefined ? null : (prompt ?? 0) + (completion ?? 0)
}
