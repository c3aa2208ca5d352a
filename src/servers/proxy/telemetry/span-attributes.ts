import type { ExchangeRecord, Finding } from '../exchange-record.ts'

export type SpanAttributes = Readonly<Record<string, string | number | boolean>>

/** What GenAI's conventions call the operations; other paths are requests as any. */
const OPERATIONS: readonly (readonly [path: RegExp, operation: string])[] = [
  [/\/chat\/completions$/, 'chat'],
  [/\/completions$/, 'text_completion'],
  [/\/embeddings$/, 'embeddings'],
]

function operationOf({ path }: ExchangeRecord): string | undefined {
  return OPERATIONS.find(([pattern]) => pattern.test(path))?.[1]
}

/** `chat MODEL`, as OpenTelemetry's GenAI conventions name a span, or `GET /v1/models`. */
export function spanName(record: ExchangeRecord): string {
  const operation = operationOf(record)
  if (operation === undefined) return `${record.method} ${record.path}`
  return record.model === undefined ? operation : `${operation} ${record.model}`
}

/** Attributes by the GenAI and HTTP conventions, and what is ours under `llmtrace.`. No prompt and no answer. */
export function spanAttributes(record: ExchangeRecord): SpanAttributes {
  const operation = operationOf(record)
  return known({
    'gen_ai.operation.name': operation,
    'gen_ai.provider.name': operation === undefined ? undefined : 'openai',
    'gen_ai.request.model': record.model,
    'gen_ai.usage.input_tokens': record.promptTokens,
    'gen_ai.usage.output_tokens': record.completionTokens,
    'http.request.method': record.method,
    'url.path': record.path,
    'http.response.status_code': record.status,
    'error.type': errorType(record),
    'llmtrace.stream': record.stream,
    'llmtrace.action': record.action,
    'llmtrace.blocked_stage': record.blockedStage,
    'llmtrace.security_score': record.score,
    'llmtrace.tenant_id': record.tenantId,
    'llmtrace.agent_id': record.agentId,
    'llmtrace.analysis_ms': record.analysisMs,
    'llmtrace.upstream_ms': record.upstreamMs,
    'llmtrace.time_to_first_token_ms': record.timeToFirstTokenMs,
  })
}

/** The attributes of a finding's event. Its evidence are words of the prompt, and stay here. */
export function findingAttributes(finding: Finding): SpanAttributes {
  return {
    'llmtrace.finding.type': finding.type,
    'llmtrace.finding.severity': finding.severity,
    'llmtrace.finding.confidence': finding.confidence,
    'llmtrace.finding.rule': finding.rule,
    'llmtrace.finding.location': finding.location,
  }
}

/** Why the exchange did not succeed; undefined where it did. */
export function errorType({ error, action, status }: ExchangeRecord): string | undefined {
  if (error !== undefined) return error
  if (action === 'block') return 'security_enforcement_blocked'
  if (status === undefined) return 'client_disconnected'
  return status >= 400 ? String(status) : undefined
}

function known(
  attributes: Readonly<Record<string, string | number | boolean | undefined>>,
): SpanAttributes {
  const entries = Object.entries(attributes).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as SpanAttributes
}
