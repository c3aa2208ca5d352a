import type { IncomingHttpHeaders } from 'node:http'
import { performance } from 'node:perf_hooks'
import { type Dispatcher, request as send } from 'undici'
import { chatPath } from './chat-path.ts'

/** What the app asks with, for all rounds of one question. */
export interface Asking {
  readonly dispatcher: Dispatcher
  readonly upstream: URL
  readonly timeoutMs: number
  readonly headers: Readonly<Record<string, string>>
  readonly signal: AbortSignal
}

/** An answer's head, its body still to be read. */
export interface ModelAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Dispatcher.ResponseData['body']
  /** Waited for the head, ms. */
  readonly waitedMs: number
}

/** Sends one request to the model, or to the proxy before it. Rejects when no answer comes. */
export async function askModel(
  body: Readonly<Record<string, unknown>>,
  { dispatcher, upstream, timeoutMs, headers, signal }: Asking,
): Promise<ModelAnswer> {
  const sentAt = performance.now()
  const answer = await send(new URL(chatPath(upstream), upstream.origin), {
    dispatcher,
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    signal,
  })
  return {
    status: answer.statusCode,
    headers: answer.headers,
    body: answer.body,
    waitedMs: performance.now() - sentAt,
  }
}

/** Headers of the user's request that the app passes on: who asks, and what ties the hops of one exchange together. */
const PASSED_ON = /^(?:authorization|traceparent|tracestate|x-request-id|x-llmtrace-.+)$/

export function headersToPassOn(headers: IncomingHttpHeaders): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'string' && PASSED_ON.test(name)) kept[name] = value
  }
  return kept
}

/** Headers of the model's answer that the user gets: what it is, when to come again, and what the proxy says of it. */
const HANDED_BACK = /^(?:content-type|retry-after|x-llmtrace-.+)$/

export function headersToHandBack(headers: IncomingHttpHeaders): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && HANDED_BACK.test(name)) kept[name] = [value].flat().join(', ')
  }
  return kept
}
