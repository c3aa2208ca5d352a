import type { Exchange } from '../model/exchange.ts'
import { encodeRequestHead } from '../wire/http-request.ts'
import { Deadlines } from './deadlines.ts'
import { InFlight } from './in-flight.ts'
import { LeanConnection } from './lean-connection.ts'
import type { PreparedRequest, Transport, TransportOptions } from './transport.ts'

interface Job extends InFlight {
  connection?: LeanConnection
}

/**
 * Plain http on sockets of our own: twice the throughput of undici's dispatch and half its tail bias (see
 * docs/decisions/0003-lean-http-client.md). One request a connection at a time, no retries: a retry would hide a
 * failure of the system under test and send a prompt twice.
 */
export function createLeanTransport(options: TransportOptions): Transport {
  return new LeanTransport(options)
}

class LeanTransport implements Transport {
  private readonly idle: LeanConnection[] = []
  private readonly connections: LeanConnection[] = []
  private readonly waiting: { job: Job; request: PreparedRequest }[] = []
  private readonly encoded = new WeakMap<PreparedRequest, Buffer>()
  private readonly deadlines: Deadlines<Job>
  private cancelled = false
  private readonly options: TransportOptions

  constructor(options: TransportOptions) {
    this.options = options
    this.deadlines = new Deadlines<Job>(options.now, options.timeoutMs, (job) => this.expire(job))
    for (let index = 0; index < options.connections; index += 1) this.addConnection()
  }

  async open(): Promise<void> {
    if (!this.options.keepAlive) return
    await Promise.all(
      this.idle
        .filter((connection) => !connection.usable)
        .map((connection) => new Promise<void>((resolve) => connection.open(resolve))),
    )
  }

  send(request: PreparedRequest, done: (exchange: Exchange) => void, capture = false): void {
    const job: Job = new InFlight(this.options.now(), this.options.timeoutMs, (exchange) => {
      this.deadlines.forget(job)
      done(exchange)
    })
    job.capture = capture
    if (this.cancelled) {
      queueMicrotask(() => job.fail('cancelled', this.options.now(), 'cancelled'))
      return
    }
    this.deadlines.watch(job)
    this.waiting.push({ job, request })
    this.dispatch()
  }

  cancel(): void {
    this.cancelled = true
    this.waiting.length = 0
    for (const job of this.deadlines.all()) this.giveUp(job, 'cancelled', 'cancelled')
  }

  async close(): Promise<void> {
    this.deadlines.stop()
    for (const connection of this.connections) connection.drop()
  }

  private addConnection(): void {
    const { url, captureHeaders, now } = this.options
    const connection = new LeanConnection({
      // URL keeps the brackets of an IPv6 address, which the resolver does not take.
      host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: Number(url.port || 80),
      captureHeaders,
      now,
      onIdle: (idle) => {
        this.idle.push(idle)
        this.dispatch()
      },
    })
    this.connections.push(connection)
    this.idle.push(connection)
  }

  private dispatch(): void {
    while (this.waiting.length > 0 && this.idle.length > 0) {
      const next = this.waiting.shift()
      const connection = this.idle.pop()
      if (next === undefined || connection === undefined) return
      if (!this.options.keepAlive) connection.drop()
      next.job.connection = connection
      connection.send(next.job, this.bytesOf(next.request), next.request.method)
    }
  }

  /** The request's bytes, encoded the first time it is sent. */
  private bytesOf(request: PreparedRequest): Buffer {
    const known = this.encoded.get(request)
    if (known !== undefined) return known
    const { url, keepAlive } = this.options
    const head = encodeRequestHead({
      method: request.method,
      target: `${url.pathname}${url.search}`,
      host: url.host,
      headers: request.headers,
      bodyBytes: request.body.length,
      keepAlive,
    })
    const bytes = Buffer.concat([Buffer.from(head, 'latin1'), request.body])
    this.encoded.set(request, bytes)
    return bytes
  }

  private expire(job: Job): void {
    this.giveUp(job, 'timed-out', `no complete response within ${this.options.timeoutMs} ms`)
  }

  private giveUp(job: Job, outcome: 'timed-out' | 'cancelled', error: string): void {
    if (job.connection === undefined) job.fail(outcome, this.options.now(), error)
    else job.connection.abandon(outcome, error)
  }
}
