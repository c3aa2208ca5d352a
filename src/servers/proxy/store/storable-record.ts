import type { ExchangeRecord, Finding } from '../exchange-record.ts'

/** What a row costs beside its texts: its numbers, its keys, its places in the indices. */
const ROW_BYTES = 400

/**
 * The record as every store can keep it. Prompts are hostile: PostgreSQL takes no U+0000, libsql cuts a text at one,
 * and half a surrogate pair is no UTF-8; they become U+FFFD. A number of tokens that is no whole number is absent:
 * the upstream may write anything there. So one record cannot make its whole batch fail.
 */
export function storableRecord(record: ExchangeRecord): ExchangeRecord {
  return {
    ...record,
    traceId: storableText(record.traceId),
    spanId: storableText(record.spanId),
    parentSpanId: optionalText(record.parentSpanId),
    tenantId: optionalText(record.tenantId),
    agentId: optionalText(record.agentId),
    startedAt: finite(record.startedAt) ?? 0,
    durationMs: finite(record.durationMs) ?? 0,
    analysisMs: finite(record.analysisMs),
    upstreamMs: finite(record.upstreamMs),
    timeToFirstTokenMs: finite(record.timeToFirstTokenMs),
    method: storableText(record.method),
    path: storableText(record.path),
    model: optionalText(record.model),
    status: count(record.status),
    score: finite(record.score),
    findings: record.findings.map((finding) => storableFinding(finding)),
    prompt: optionalText(record.prompt),
    response: optionalText(record.response),
    promptTokens: count(record.promptTokens),
    completionTokens: count(record.completionTokens),
    error: optionalText(record.error),
  }
}

/** An estimate of what the record costs to keep, in bytes. */
export function recordBytes(record: ExchangeRecord): number {
  const { prompt = '', response = '', error = '', path, model = '', findings } = record
  const texts = [prompt, response, error, path, model].reduce(
    (sum, text) => sum + Buffer.byteLength(text),
    ROW_BYTES,
  )
  return texts + (findings.length === 0 ? 0 : Buffer.byteLength(JSON.stringify(findings)))
}

function storableFinding(finding: Finding): Finding {
  const { type, severity, description, rule, location, evidence } = finding
  return {
    type: storableText(type),
    severity,
    confidence: finite(finding.confidence) ?? 0,
    description: storableText(description),
    rule: storableText(rule),
    location: storableText(location),
    evidence: storableText(evidence),
  }
}

function storableText(text: string): string {
  return text.replaceAll(/\0|\p{Surrogate}/gu, '\uFFFD')
}

function optionalText(text: string | undefined): string | undefined {
  return text === undefined ? undefined : storableText(text)
}

function finite(value: number | undefined): number | undefined {
  // Minus zero comes back from a database as zero.
  return value === undefined || !Number.isFinite(value) ? undefined : value + 0
}

function count(value: number | undefined): number | undefined {
  return value !== undefined && Number.isSafeInteger(value) && value >= 0 ? value + 0 : undefined
}
