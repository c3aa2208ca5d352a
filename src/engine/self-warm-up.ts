import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createClosedLoop } from '../schedule/closed-loop.ts'
import type { PreparedRequest, Transport } from '../transport/transport.ts'
import { runClosedLoop } from './closed-loop-runner.ts'

const IN_FLIGHT = 10

/** Content chunks of a warm-up stream, each a write of its own: the code that reads events is to be compiled too. */
const CHUNKS = 20

export interface SelfWarmUp {
  readonly createTransport: (url: URL, connections: number) => Transport
  /** A real request; its headers are left out, because the null server needs no token. */
  readonly request: PreparedRequest
  readonly durationMs: number
  readonly signal: AbortSignal
}

/**
 * Runs the client against a null server in this process, so that its code is compiled before the first counted
 * request: a cold client adds 2 to 5 ms to p99 in its first second, more than many a proxy.
 */
export async function warmUpSelf({
  createTransport,
  request,
  durationMs,
  signal,
}: SelfWarmUp): Promise<void> {
  const sent: PreparedRequest = { ...request, headers: [['content-type', 'application/json']] }
  const streams = isStreamed(request)
  const server = createServer((received, response) => {
    received.resume()
    received.once('end', () => {
      if (streams) sendStream(response)
      else response.end('{}')
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  const transport = createTransport(
    new URL(`http://127.0.0.1:${port}/v1/chat/completions`),
    IN_FLIGHT,
  )
  const enough = new AbortController()
  const timer = setTimeout(() => enough.abort(), durationMs)
  const slots = createClosedLoop({
    requests: Number.MAX_SAFE_INTEGER,
    promptCount: 1,
    jitterMs: 0,
    random: () => 0,
  })
  await runClosedLoop({
    concurrency: IN_FLIGHT,
    next: slots,
    perform: (_, done) => transport.send(sent, done),
    cancel: () => transport.cancel(),
    signal: AbortSignal.any([signal, enough.signal]),
  })
  clearTimeout(timer)
  await transport.close()
  await new Promise((resolve) => {
    server.close(resolve)
    server.closeAllConnections()
  })
}

function isStreamed({ body }: PreparedRequest): boolean {
  return body.includes('"stream":true')
}

function sendStream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const send = (event: unknown) => response.write(`data: ${JSON.stringify(event)}\n\n`)
  let sent = 0
  const sendNext = () => {
    send({ choices: [{ index: 0, delta: { content: ` chunk ${sent}` }, finish_reason: null }] })
    sent += 1
    if (sent < CHUNKS) {
      setImmediate(sendNext)
      return
    }
    send({ choices: [], usage: { prompt_tokens: 1, completion_tokens: CHUNKS } })
    response.end('data: [DONE]\n\n')
  }
  sendNext()
}
