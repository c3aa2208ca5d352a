import { type Dispatcher, EnvHttpProxyAgent, errors, Pool } from 'undici'
import type { Exchange } from '../model/exchange.ts'
import type { Outcome } from '../model/outcome.ts'
import { InFlight } from './in-flight.ts'
import { StreamTap } from './stream-tap.ts'
import type { PreparedRequest, Transport, TransportOptions } from './transport.ts'

/**
 * https, and proxies of the environment, through undici's dispatch interface: its callbacks are the earliest
 * moment that undici tells us of. undici opens connections when they are needed, so connect and TLS time of a
 * fresh connection lies before `sentAt` only as far as undici hands the request to the socket later.
 */
export function createUndiciTransport(options: TransportOptions): Transport {
  return new UndiciTransport(options)
}

class UndiciTransport implements Transport {
  private readonly dispatcher: Dispatcher
  private readonly inFlight = new Map<InFlight, () => void>()
  private cancelled = false
  private opened = 0
  private readonly options: TransportOptions

  constructor(options: TransportOptions) {
    this.options = options
    const settings = {
      connections: options.connections,
      pipelining: 1,
      keepAliveTimeout: 600_000,
      keepAliveMaxTimeout: 600_000,
      connect: { rejectUnauthorized: !options.insecure, timeout: options.timeoutMs },
    }
    this.dispatcher = options.useEnvProxy
      ? new EnvHttpProxyAgent({ ...settings, requestTls: settings.connect })
      : new Pool(options.url.origin, settings)
    this.dispatcher.on('connect', () => {
      this.opened += 1
    })
  }

  async open(): Promise<void> {
    // undici has no way to open a connection without a request: the uncounted first wave opens them.
  }

  send(
    request: PreparedRequest,
    done: (exchange: Exchange) => void,
    capture = false,
    traceparent?: string,
  ): void {
    const { now, timeoutMs, stream } = this.options
    const job = new InFlight(now(), timeoutMs, (exchange) => {
      clearTimeout(timer)
      this.inFlight.delete(job)
      done(exchange)
    })
    job.capture = capture
    if (stream !== undefined) {
      job.stream = new StreamTap(stream, () => this.giveUp(job, 'cancelled', 'cancelled as asked'))
    }
    const timer = setTimeout(
      () => this.giveUp(job, 'timed-out', `no complete response within ${timeoutMs} ms`),
      timeoutMs,
    )
    this.inFlight.set(job, () => {})
    if (this.cancelled) {
      queueMicrotask(() => job.fail('cancelled', now(), 'cancelled'))
      return
    }
    this.dispatch(request, job, traceparent)
  }

  cancel(): void {
    this.cancelled = true
    for (const job of this.inFlight.keys()) this.giveUp(job, 'cancelled', 'cancelled')
  }

  async close(): Promise<void> {
    await this.dispatcher.destroy()
  }

  private giveUp(job: InFlight, outcome: 'timed-out' | 'cancelled', error: string): void {
    if (job.over) return
    const abort = this.inFlight.get(job)
    job.fail(outcome, this.options.now(), error)
    abort?.()
  }

  private dispatch(request: PreparedRequest, job: InFlight, traceparent?: string): void {
    const { url, keepAlive } = this.options
    this.dispatcher.dispatch(
      {
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method: request.method,
        headers: [
          ...request.headers.flat(),
          ...(traceparent === undefined ? [] : ['traceparent', traceparent]),
        ],
        body: request.body,
        reset: !keepAlive,
        headersTimeout: 0,
        bodyTimeout: 0,
      },
      this.handlerOf(job),
    )
  }

  private handlerOf(job: InFlight): Dispatcher.DispatchHandler {
    const { now, captureHeaders } = this.options
    const openedBefore = this.opened
    let readAt: number | undefined
    const endRead = () => {
      readAt = undefined
    }
    return {
      onRequestStart: (controller) => {
        job.sentAt = now()
        job.reused = this.opened === openedBefore
        this.inFlight.set(job, () => controller.abort(new Error('given up')))
      },
      onResponseStart: (_controller, statusCode, headers) => {
        if (statusCode < 200) return
        const at = now()
        job.firstByteAt = at
        job.headersAt = at
        job.status = statusCode
        if (captureHeaders || job.keepsHeaders) job.rawHeaders = printHeaders(headers)
      },
      onResponseData: (_controller, chunk) => {
        // undici hands out a read piece by piece, in one go: all of it came at the instant of the first piece.
        if (readAt === undefined) {
          readAt = now()
          queueMicrotask(endRead)
        }
        job.addBody(chunk, 0, chunk.length, readAt)
      },
      onResponseEnd: () => {
        job.succeed(now())
      },
      onResponseError: (_controller, error) => {
        job.fail(outcomeOfError(error, job), now(), describe(error))
      },
    }
  }
}

function printHeaders(headers: Record<string, string | string[] | undefined>): string {
  return Object.entries(headers)
    .flatMap(([name, value]) => [value ?? []].flat().map((one) => `${name}: ${one}`))
    .join('\r\n')
}

const NOT_CONNECTED = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
])

/** What undici's error means in our terms; by code, and by how far the response had come. */
function outcomeOfError(error: Error, job: InFlight): Outcome {
  const code = codeOf(error)
  if (error instanceof errors.HTTPParserError || code.startsWith('HPE_')) return 'protocol-error'
  if (error instanceof errors.ConnectTimeoutError) return 'timed-out'
  if (NOT_CONNECTED.has(code) || /CERT|TLS|SSL|SELF_SIGNED|ALTNAME/.test(code)) return 'refused'
  return job.firstByteAt === undefined ? 'reset' : 'truncated'
}

function codeOf(error: Error): string {
  const { code } = error as NodeJS.ErrnoException
  if (typeof code === 'string') return code
  return error instanceof AggregateError && error.errors[0] instanceof Error
    ? codeOf(error.errors[0])
    : ''
}

function describe(error: Error): string {
  return error.message === '' ? codeOf(error) : error.message
}
