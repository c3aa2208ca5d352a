import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { performance } from 'node:perf_hooks'
import { Agent } from 'undici'
import { beginArrival } from '../../wire/arrival.ts'
import { ArrivalLog } from '../../wire/arrival-log.ts'
import { errorBody } from '../../wire/chat-response.ts'
import { joinUpstreamPath } from '../../wire/forwarded-head.ts'
import { listen } from '../http/listen.ts'
import { LogFile } from './log-file.ts'
import { PassThrough } from './pass-through.ts'
import { RequestRecording } from './request-recording.ts'
import { TAP_DEFAULTS, type TapOptions } from './tap-options.ts'

export interface RunningTap {
  readonly url: string
  readonly port: number
  /** Stops accepting, lets what is in flight finish for `graceMs`, then ends it. */
  close(graceMs?: number): Promise<void>
}

/** Starts a recording pass-through to a model. Rejects when it cannot listen, or cannot open its log file. */
export async function startTap(
  given: Partial<TapOptions> & Pick<TapOptions, 'upstream'>,
): Promise<RunningTap> {
  const options: TapOptions = { ...TAP_DEFAULTS, ...given }
  const file =
    options.logFile === undefined
      ? undefined
      : await LogFile.open(options.logFile, options.onLogFailure)
  const dispatcher = new Agent({ connections: 1024, pipelining: 1, keepAliveTimeout: 60_000 })
  const tap = new Tap(options, dispatcher, file)
  const server = createServer((request, response) => tap.handle(request, response))
  server.requestTimeout = 0
  const { url, port, close } = await listen(server, options).catch(async (error: unknown) => {
    await file?.close()
    throw error
  })
  return {
    url,
    port,
    async close(graceMs = 5000) {
      await close(graceMs)
      await dispatcher.destroy()
      await file?.close()
    },
  }
}

class Tap {
  private readonly startedAt = performance.now()
  private readonly upstream: URL
  private readonly log: ArrivalLog
  private requests = 0
  private readonly options: TapOptions
  private readonly dispatcher: Agent
  private readonly file: LogFile | undefined

  constructor(options: TapOptions, dispatcher: Agent, file: LogFile | undefined) {
    this.options = options
    this.dispatcher = dispatcher
    this.file = file
    this.upstream = new URL(options.upstream)
    this.log = new ArrivalLog(options.logLimit)
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    const target = request.url ?? '/'
    if (target.startsWith('/tap/')) this.answer(request, response, target)
    // Anything else than a path would choose its own host.
    else if (target.startsWith('/')) this.pass(request, response, target)
    else refuse(request, response, 400, 'the request target is not a path')
  }

  private pass(request: IncomingMessage, response: ServerResponse, target: string): void {
    this.requests += 1
    const arrival = beginArrival(request, this.requests, {
      at: performance.now() - this.startedAt,
      epochMs: Date.now(),
    })
    this.log.add(arrival)
    const recording = new RequestRecording(arrival, this.startedAt, () =>
      this.file?.append(arrival),
    )
    new PassThrough(request, response, recording).dispatch({
      dispatcher: this.dispatcher,
      origin: this.upstream.origin,
      path: joinUpstreamPath(this.upstream.pathname, target),
      timeoutMs: this.options.upstreamTimeoutMs,
    })
  }

  /** The tap's own resources. They are beside the model's, and appear in no log. */
  private answer(request: IncomingMessage, response: ServerResponse, target: string): void {
    const url = URL.canParse(target, 'http://tap') ? new URL(target, 'http://tap') : undefined
    const route = `${request.method} ${url?.pathname ?? target}`
    if (url !== undefined && route === 'GET /tap/log') {
      sendJson(request, response, 200, this.log.read(url.searchParams))
    } else if (route === 'DELETE /tap/log') {
      this.log.clear()
      sendJson(request, response, 200, { cleared: true })
    } else if (route === 'GET /tap/health') {
      sendJson(request, response, 200, { status: 'ok', upstream: this.upstream.origin })
    } else refuse(request, response, 404, `no ${route} here`)
  }
}

function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  message: string,
): void {
  const body = errorBody(message, 'invalid_request_error', String(status))
  sendJson(request, response, status, body)
}

function sendJson(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  body: unknown,
): void {
  request.resume()
  const bytes = Buffer.from(JSON.stringify(body))
  const headers = { 'content-type': 'application/json', 'content-length': bytes.length }
  response.writeHead(status, headers).end(bytes)
}
