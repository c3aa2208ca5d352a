import type { ServerResponse } from 'node:http'
import { errorBody } from '../../wire/chat-response.ts'
import type { FaultKind } from './fault-plan.ts'
import { STREAM_FAULT_KINDS, type StreamFaultKind } from './stream-faults.ts'

const JSON_TYPE = { 'content-type': 'application/json' }

/** Whether a fault befalls streams alone. */
export function isStreamFault(fault: FaultKind | undefined): fault is StreamFaultKind {
  return STREAM_FAULT_KINDS.some((kind) => kind === fault)
}

const ANSWER_FAULTS = ['reset', '429', '500', 'hang'] as const

/** Whether a fault comes in the place of an answer, so that there is no stream to be faulty. */
export function isAnswerFault(
  fault: FaultKind | undefined,
): fault is (typeof ANSWER_FAULTS)[number] {
  return ANSWER_FAULTS.some((kind) => kind === fault)
}

/** Sends a JSON body whole; returns its bytes. `headers` come beside content-type and content-length. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): number {
  const bytes = Buffer.from(body)
  response.writeHead(status, { ...JSON_TYPE, 'content-length': bytes.length, ...headers })
  response.end(bytes)
  return bytes.length
}

export function sendError(
  response: ServerResponse,
  status: number,
  type: string,
  message: string,
): number {
  return sendJson(response, status, JSON.stringify(errorBody(message, type, String(status))))
}

/** Answers with a fault instead of `body`; returns the status sent, undefined where none was. */
export function sendFault(
  response: ServerResponse,
  fault: Exclude<FaultKind, StreamFaultKind>,
  body: string,
  slowBodyMs: number,
): number | undefined {
  switch (fault) {
    case 'reset':
      response.socket?.resetAndDestroy()
      return undefined
    case 'hang':
      return undefined
    case 'half':
      sendHalf(response, body)
      return 200
    case '429':
      sendJson(
        response,
        429,
        JSON.stringify(errorBody('rate limit reached', 'rate_limit_error', '429')),
        {
          'retry-after': '1',
        },
      )
      return 429
    case '500':
      sendError(response, 500, 'server_error', 'simulated failure')
      return 500
    case 'badjson':
      sendJson(response, 200, body.slice(0, -2))
      return 200
    case 'slow':
      sendSlowly(response, body, slowBodyMs)
      return 200
  }
}

function sendHalf(response: ServerResponse, body: string): void {
  const bytes = Buffer.from(body)
  response.writeHead(200, { ...JSON_TYPE, 'content-length': bytes.length })
  response.write(bytes.subarray(0, bytes.length >> 1), () => response.socket?.destroy())
}

/** Ten pieces spread over `slowBodyMs`. */
function sendSlowly(response: ServerResponse, body: string, slowBodyMs: number): void {
  const bytes = Buffer.from(body)
  const pieces = 10
  response.writeHead(200, { ...JSON_TYPE, 'content-length': bytes.length })
  let sent = 0
  const timer = setInterval(() => {
    sent += 1
    const end = Math.round((bytes.length * sent) / pieces)
    const start = Math.round((bytes.length * (sent - 1)) / pieces)
    response.write(bytes.subarray(start, end))
    if (sent < pieces) return
    clearInterval(timer)
    response.end()
  }, slowBodyMs / pieces)
  response.once('close', () => clearInterval(timer))
}
