import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { performance } from 'node:perf_hooks'
import { beginArrival, promptMarks } from '../../wire/arrival.ts'
import { ArrivalLog } from '../../wire/arrival-log.ts'
import { parseChatRequest } from '../../wire/chat-request.ts'
import { modelList } from '../../wire/chat-response.ts'
import { listen } from '../http/listen.ts'
import { ChatService } from './chat-service.ts'
import { sendError, sendJson } from './send-answer.ts'
import { SIMULATOR_DEFAULTS, type SimulatorOptions } from './simulator-options.ts'

const MOST_BODY_BYTES = 10 * 1024 * 1024

/** Request targets are relative; only the path is looked at. */
const BASE = 'http://simulator'

export interface RunningSimulator {
  readonly url: string
  readonly port: number
  /** Stops accepting, lets what is in flight finish for `graceMs`, then ends it. */
  close(graceMs?: number): Promise<void>
}

interface Counts {
  requests: number
  inFlight: number
  maxInFlight: number
  connections: number
}

/** Starts an OpenAI-compatible server whose latency, faults and answers are known. Rejects when it cannot listen. */
export async function startSimulator(
  given: Partial<SimulatorOptions> = {},
): Promise<RunningSimulator> {
  const options = { ...SIMULATOR_DEFAULTS, ...given }
  const simulator = new Simulator(options)
  const server = createServer((request, response) => simulator.handle(request, response))
  server.on('connection', () => simulator.countConnection())
  server.requestTimeout = 0
  const { url, port, close } = await listen(server, options)
  return { url, port, close: (graceMs = 2000) => close(graceMs) }
}

class Simulator {
  private readonly startedAt = performance.now()
  private readonly created = Math.floor(Date.now() / 1000)
  private readonly log: ArrivalLog
  private readonly service: ChatService
  private readonly counts: Counts = { requests: 0, inFlight: 0, maxInFlight: 0, connections: 0 }
  private readonly options: SimulatorOptions

  constructor(options: SimulatorOptions) {
    this.options = options
    this.log = new ArrivalLog(options.logLimit)
    this.service = new ChatService(options, this.startedAt)
  }

  countConnection(): void {
    this.counts.connections += 1
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    const receivedAt = performance.now()
    const target = request.url ?? '/'
    if (!URL.canParse(target, BASE)) {
      request.resume()
      sendError(response, 400, 'invalid_request_error', 'the request target is not a URL')
      return
    }
    const url = new URL(target, BASE)
    const route = `${request.method} ${url.pathname}`
    switch (route) {
      case 'POST /v1/chat/completions':
        this.receive(request, response, receivedAt)
        return
      case 'GET /v1/models':
        sendJson(response, 200, JSON.stringify(modelList(this.options.modelName, this.created)))
        return
      case 'GET /health':
        sendJson(response, 200, '{"status":"ok"}')
        return
      case 'GET /simulator/stats':
        sendJson(response, 200, JSON.stringify(this.counts))
        return
      case 'GET /simulator/log':
        sendJson(response, 200, JSON.stringify(this.log.read(url.searchParams)))
        return
      case 'DELETE /simulator/log':
        this.log.clear()
        sendJson(response, 200, '{"cleared":true}')
        return
      default:
        request.resume()
        sendError(
          response,
          knownPath(url.pathname) ? 405 : 404,
          'invalid_request_error',
          `no ${route} here`,
        )
    }
  }

  private receive(request: IncomingMessage, response: ServerResponse, receivedAt: number): void {
    const pieces: Buffer[] = []
    let bytes = 0
    request.on('data', (piece: Buffer) => {
      bytes += piece.length
      if (bytes <= MOST_BODY_BYTES) pieces.push(piece)
    })
    request.on('end', () => {
      if (bytes > MOST_BODY_BYTES) {
        sendError(
          response,
          413,
          'invalid_request_error',
          `the body is over ${MOST_BODY_BYTES} bytes`,
        )
        return
      }
      const body = Buffer.concat(pieces).toString('utf8')
      this.admit(request, response, { receivedAt, body, bytes })
    })
  }

  private admit(
    request: IncomingMessage,
    response: ServerResponse,
    { receivedAt, body, bytes }: { receivedAt: number; body: string; bytes: number },
  ): void {
    const parsed = parseChatRequest(body)
    this.counts.requests += 1
    this.counts.inFlight += 1
    this.counts.maxInFlight = Math.max(this.counts.maxInFlight, this.counts.inFlight)
    response.once('close', () => {
      this.counts.inFlight -= 1
    })
    const at = receivedAt - this.startedAt
    const arrival = beginArrival(request, this.counts.requests, {
      at,
      // Of the head, like `at`: reading the body took time.
      epochMs: Date.now() - (performance.now() - receivedAt),
    })
    arrival.requestBytes = bytes
    this.log.add(arrival)
    if (typeof parsed === 'string') {
      arrival.status = 400
      sendError(response, 400, 'invalid_request_error', parsed)
      return
    }
    Object.assign(arrival, promptMarks(parsed))
    this.service.serve({ request: parsed, response, arrival, receivedAt })
  }
}

function knownPath(path: string): boolean {
  return [
    '/v1/chat/completions',
    '/v1/models',
    '/health',
    '/simulator/stats',
    '/simulator/log',
  ].includes(path)
}
