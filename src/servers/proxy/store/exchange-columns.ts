import { type Action, type ExchangeRecord, type Finding, SEVERITIES } from '../exchange-record.ts'
import type { SqlRow, SqlValue } from './sql-driver.ts'
import { recordBytes } from './storable-record.ts'

/** What stands in each column but the id. The order is that of the values of `exchangeRow`. */
const VALUE_OF = {
  span_id: (record) => record.spanId,
  trace_id: (record) => record.traceId,
  bytes: recordBytes,
  started_at: (record) => record.startedAt,
  duration_ms: (record) => record.durationMs,
  analysis_ms: (record) => record.analysisMs,
  upstream_ms: (record) => record.upstreamMs,
  time_to_first_token_ms: (record) => record.timeToFirstTokenMs,
  parent_span_id: (record) => record.parentSpanId,
  tenant_id: (record) => record.tenantId,
  agent_id: (record) => record.agentId,
  method: (record) => record.method,
  path: (record) => record.path,
  model: (record) => record.model,
  stream: (record) => Number(record.stream),
  status: (record) => record.status,
  action: (record) => record.action,
  blocked_stage: (record) => record.blockedStage,
  score: (record) => record.score,
  prompt_tokens: (record) => record.promptTokens,
  completion_tokens: (record) => record.completionTokens,
  error: (record) => record.error,
  findings: (record) => JSON.stringify(record.findings),
  prompt: (record) => record.prompt,
  response: (record) => record.response,
} satisfies Record<string, (record: ExchangeRecord) => SqlValue | undefined>

const VALUES: readonly ((record: ExchangeRecord) => SqlValue | undefined)[] =
  Object.values(VALUE_OF)

export const EXCHANGE_COLUMNS: readonly string[] = Object.keys(VALUE_OF)

export function exchangeRow(record: ExchangeRecord): SqlValue[] {
  return VALUES.map((valueOf) => valueOf(record) ?? null)
}

export const FINDING_COLUMNS = ['span_id', 'place', 'type', 'severity'] as const

export function findingRows({ spanId, findings }: ExchangeRecord): SqlValue[][] {
  return findings.map(({ type, severity }, place) => [
    spanId,
    place,
    type,
    SEVERITIES.indexOf(severity),
  ])
}

/** The record that `exchangeRow` made the row of. */
export function readExchange(row: SqlRow): ExchangeRecord {
  return {
    traceId: String(row['trace_id']),
    spanId: String(row['span_id']),
    parentSpanId: text(row['parent_span_id']),
    tenantId: text(row['tenant_id']),
    agentId: text(row['agent_id']),
    startedAt: Number(row['started_at']),
    durationMs: Number(row['duration_ms']),
    analysisMs: number(row['analysis_ms']),
    upstreamMs: number(row['upstream_ms']),
    timeToFirstTokenMs: number(row['time_to_first_token_ms']),
    method: String(row['method']),
    path: String(row['path']),
    model: text(row['model']),
    stream: Number(row['stream']) === 1,
    status: number(row['status']),
    action: String(row['action']) as Action,
    blockedStage: text(row['blocked_stage']) as ExchangeRecord['blockedStage'],
    score: number(row['score']),
    findings: JSON.parse(String(row['findings'])) as Finding[],
    prompt: text(row['prompt']),
    response: text(row['response']),
    promptTokens: number(row['prompt_tokens']),
    completionTokens: number(row['completion_tokens']),
    error: text(row['error']),
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** PostgreSQL's 64-bit numbers arrive as texts. */
function number(value: unknown): number | undefined {
  return value === null || value === undefined ? undefined : Number(value)
}
