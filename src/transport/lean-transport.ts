import type { Exchange } from '../model/exchange.ts'
import { encodeRequestHead } from '../wire/http-request.ts'
import { Deadlines } from './deadlines.ts'
import { InFlight } from './in-flight.ts'
import { LeanConnection } from './lean-connection.ts'
import { StreamTap } from './stream-tap.ts'
import {
  type PreparedRequest,
  TRACEPARENT_LENGTH,
  type Transport,
  type TransportOptions,
} from './transport.ts'

interface Waiting {
  readonly job: InFlight
  readonly request: PreparedRequest
  readonly traceparent: string | undefined
}

/** A request's bytes with room for a `traceparent`. */
interface TracedBytes {
  readonly bytes: Buffer
  /** Where it begins. */
  readonly at: number
}

const NO_TRACE = '0'.repeat(TRACEPARENT_LENGTH)

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
  private readonly traced = new WeakMap<PreparedRequest, TracedBytes>()
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

  send(
    request: PreparedRequest,
    done: (exchange: Exchange) => void,
    capture = false,
    traceparent?: string,
  ): void {
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
    if (connection === undefined) this.waiting.push({ job, request, traceparent })
    else this.sendOn(connection, job, request, traceparent)
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
        else this.sendOn(idle, next.job, next.request, next.traceparent)
      },
    })
    this.connections.push(connection)
    this.idle.push(connection)
  }

  private sendOn(
    connection: LeanConnection,
    job: InFlight,
    request: PreparedRequest,
    traceparent: string | undefined,
  ): void {
    if (!this.options.keepAlive) connection.drop()
    const bytes =
      traceparent === undefined ? this.bytesOf(request) : this.tracedBytesOf(request, traceparent)
    connection.send(job, bytes, request.method)
  }

  /** The request's bytes, encoded the first time it is sent. */
  private bytesOf(request: PreparedRequest): Buffer {
    const known = this.encoded.get(request)
    if (known !== undefined) return known
    const bytes = this.encode(request, request.headers)
    this.encoded.set(request, bytes)
    return bytes
  }

  /** A copy each time: the bytes of the request before may still lie in the socket's queue. */
  private tracedBytesOf(request: PreparedRequest, traceparent: string): Buffer {
    if (traceparent.length !== TRACEPARENT_LENGTH) throw new RangeError('not a traceparent')
    let known = this.traced.get(request)
    if (known === undefined) {
      const encoded = this.encode(request, [['traceparent', NO_TRACE], ...request.headers])
      known = { bytes: encoded, at: encoded.indexOf(`\r\ntraceparent: ${NO_TRACE}`) + 15 }
      this.traced.set(request, known)
    }
    const bytes = Buffer.allocUnsafe(known.bytes.length)
    known.bytes.copy(bytes)
    bytes.write(traceparent, known.at, 'latin1')
    return bytes
  }

  private encode(request: PreparedRequest, headers: PreparedRequest['headers']): Buffer {
    const { url, keepAlive } = this.options
    const head = encodeRequestHead({
      method: request.method,
      target: `${url.pathname}${url.search}`,
      host: url.host,
      headers,
      bodyBytes: request.body.length,
      keepAlive,
    })
    return Buffer.concat([Buffer.from(head, 'latin1'), request.body])
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
