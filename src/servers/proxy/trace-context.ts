import { randomBytes } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

export const TRACE_ID_HEADER = 'x-llmtrace-trace-id'
export const TENANT_ID_HEADER = 'x-llmtrace-tenant-id'
export const AGENT_ID_HEADER = 'x-llmtrace-agent-id'

/** Who asks, and where an exchange stands in a trace. */
export interface TraceContext {
  /** 32 hexadecimal digits. */
  readonly traceId: string
  /** As the client wrote it, where it did; else `traceId`. */
  readonly shownTraceId: string
  readonly spanId: string
  readonly parentSpanId: string | undefined
  /** For the upstream: our span as the parent of its own. */
  readonly traceparent: string
  readonly tenantId: string | undefined
  readonly agentId: string | undefined
}

/** W3C Trace Context, version 00; a later version is read as far as it is the same. */
const TRACEPARENT =
  /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:-|$)/
const TRACE_ID = /^(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i
/** What may go back in a header and into a database: visible, and short. */
const IDENTIFIER = /^[\x21-\x7e]{1,128}$/

/** The ids of an exchange, from its headers where they are well-formed; new ones else. */
export function readTraceContext(headers: IncomingHttpHeaders): TraceContext {
  const [, parentTrace, parentSpan, flags = '01'] =
    TRACEPARENT.exec(textOf(headers['traceparent'])) ?? []
  const wished = textOf(headers[TRACE_ID_HEADER])
  const own = TRACE_ID.test(wished) ? wished.replaceAll('-', '').toLowerCase() : undefined
  const traceId = own ?? parentTrace ?? randomBytes(16).toString('hex')
  const spanId = randomBytes(8).toString('hex')
  return {
    traceId,
    shownTraceId: own === undefined ? traceId : wished,
    spanId,
    parentSpanId: parentSpan,
    // The distributed trace goes on under its own id, whatever the client calls this exchange.
    traceparent: `00-${parentTrace ?? traceId}-${spanId}-${flags}`,
    tenantId: identifier(headers[TENANT_ID_HEADER]),
    agentId: identifier(headers[AGENT_ID_HEADER]),
  }
}

/** The headers that tell the client the ids of its exchange. */
export function traceHeaders(trace: TraceContext): string[] {
  return [
    TRACE_ID_HEADER,
    trace.shownTraceId,
    ...(trace.tenantId === undefined ? [] : [TENANT_ID_HEADER, trace.tenantId]),
    ...(trace.agentId === undefined ? [] : [AGENT_ID_HEADER, trace.agentId]),
  ]
}

function textOf(value: string | string[] | undefined): string {
  return typeof value === 'string' ? value : ''
}

function identifier(value: string | string[] | undefined): string | undefined {
  const text = textOf(value)
  return IDENTIFIER.test(text) ? text : undefined
}
