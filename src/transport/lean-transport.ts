import type { Exchange } from '../model/exchange.ts'
import { encodeRequestHead } from '../wire/http-request.ts'
import { Deadlines } from './deadlines.ts'
import { InFlight } from './in-flight.ts'
import { LeanConnection } from './lean-connection.ts'
import { StreamTap } from './stream-tap.ts'
import type { PreparedRequest, Transport, TransportOptions } from './transport.ts'

interface Waiting {
  readonly job: InFlight
  readonly request: PreparedRequest
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
  /** Empty whenever a connection is idle. */
  private waiting: Waiting[] = []
  private readonly encoded = new WeakMap<PreparedRequest, Buffer>()
  private readonly deadlines: Deadlines<InFlight>
  private cancelled = false
  private readonly options: TransportOptions

  constructor(options: TransportOptions) {
    this.options = options
    this.deadlines = new Deadlines(
      options.now,
      () => this.inFlight(),
      (job) => this.giveUp(job, 'timed-out', `no complete response within ${options.timeoutMs} ms`),
    )
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
    const { now, timeoutMs, stream } = this.options
    const job = new InFlight(now(), timeoutMs, done)
    job.capture = capture
    if (stream !== undefined) {
      job.stream = new StreamTap(stream, () => this.giveUp(job, 'cancelled', 'cancelled as asked'))
    }
    if (this.cancelled) {
      queueMicrotask(() => job.fail('cancelled', now(), 'cancelled'))
      return
    }
    this.deadlines.start(timeoutMs)
    const connection = this.idle.pop()
    if (connection === undefined) this.waiting.push({ job, request })
    else this.sendOn(connection, job, request)
  }

  cancel(): void {
    this.cancelled = true
    for (const job of this.inFlight()) this.giveUp(job, 'cancelled', 'cancelled')
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
        const next = this.waiting.shift()
        if (next === undefined) this.idle.push(idle)
        else this.sendOn(idle, next.job, next.request)
      },
    })
    this.connections.push(connection)
    this.idle.push(connection)
  }

  private sendOn(connection: LeanConnection, job: InFlight, request: PreparedRequest): void {
    if (!this.options.keepAlive) connection.drop()
    connection.send(job, this.bytesOf(request), request.method)
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

  private inFlight(): InFlight[] {
    const sent = this.connections.flatMap(({ request }) => request ?? [])
    return [...this.waiting.map(({ job }) => job), ...sent]
  }

  private giveUp(job: InFlight, outcome: 'timed-out' | 'cancelled', error: string): void {
    const connection = this.connections.find(({ request }) => request === job)
    if (connection !== undefined) {
      connection.abandon(outcome, error)
      return
    }
    this.waiting = this.waiting.filter((waiting) => waiting.job !== job)
    job.fail(outcome, this.options.now(), error)
  }
}
