import { randomBytes } from 'node:crypto'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { performance } from 'node:perf_hooks'
import type { RecordSink } from './exchange-record.ts'

/** Records an exchange when it has ended, by what its heads say: no body is looked at. */
export function recordBare(
  request: IncomingMessage,
  response: ServerResponse,
  record: RecordSink,
): void {
  const startedAt = Date.now()
  const began = performance.now()
  response.once('close', () => {
    const { headers, method = 'GET', url = '' } = request
    record({
      ...identify(headers),
      tenantId: one(headers['x-llmtrace-tenant-id']),
      agentId: one(headers['x-llmtrace-agent-id']),
      startedAt,
      durationMs: performance.now() - began,
      analysisMs: undefined,
      upstreamMs: undefined,
      timeToFirstTokenMs: undefined,
      method,
      path: url.split('?')[0] ?? '',
      model: undefined,
      stream: String(response.getHeader('content-type')).startsWith('text/event-stream'),
      status: response.headersSent ? response.statusCode : undefined,
      action: 'allow',
      blockedStage: undefined,
      score: undefined,
      findings: [],
      prompt: undefined,
      response: undefined,
      promptTokens: undefined,
      completionTokens: undefined,
      error: response.writableFinished ? undefined : 'cut_off',
    })
  })
}

/** W3C trace context where the client sent it; LLMTrace's own header outweighs it. */
function identify(headers: IncomingHttpHeaders) {
  const [, w3c, parentSpanId] =
    /^[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-/.exec(one(headers['traceparent']) ?? '') ?? []
  const own = one(headers['x-llmtrace-trace-id'])?.replaceAll('-', '').toLowerCase() ?? ''
  const traceId = /^[\da-f]{32}$/.test(own) ? own : (w3c ?? randomBytes(16).toString('hex'))
  return { traceId, spanId: randomBytes(8).toString('hex'), parentSpanId }
}

function one(header: string | string[] | undefined): string | undefined {
  const text = Array.isArray(header) ? header[0] : header
  return text === '' ? undefined : text
}
