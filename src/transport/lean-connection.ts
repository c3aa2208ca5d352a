import { connect, type Socket } from 'node:net'
import type { Outcome } from '../model/outcome.ts'
import type { Milliseconds } from '../model/units.ts'
import type { ResponseHead } from '../wire/http-response-head.ts'
import { HttpResponseReader } from '../wire/http-response-reader.ts'
import type { InFlight } from './in-flight.ts'

export interface LeanConnectionOptions {
  readonly host: string
  readonly port: number
  readonly captureHeaders: boolean
  readonly now: () => Milliseconds
  /**
   * The connection has no request any more; it may be closed. Called before the caller hears of the end, so that the
   * caller can send on it at once.
   */
  readonly onIdle: (connection: LeanConnection) => void
}

const READ_BUFFER_BYTES = 65_536

/** One TCP connection that carries one request at a time, stamped in the socket's read callback before any parsing. */
export class LeanConnection {
  private socket: Socket | undefined
  private connected = false
  private failure: string | undefined
  private current: InFlight | undefined
  private pendingBytes: Buffer | undefined
  private pendingMethod = 'GET'
  private openedAt: Milliseconds = 0
  private readAt: Milliseconds = 0
  private readonly reader: HttpResponseReader
  private readonly options: LeanConnectionOptions

  constructor(options: LeanConnectionOptions) {
    this.options = options
    this.reader = new HttpResponseReader({
      onHead: (head) => this.takeHead(head),
      onBody: (bytes, start, end) => this.current?.addBody(bytes, start, end, this.readAt),
    })
  }

  /** The request in flight. */
  get request(): InFlight | undefined {
    return this.current
  }

  get usable(): boolean {
    return (
      this.socket !== undefined && !this.socket.destroyed && this.socket.readyState !== 'readOnly'
    )
  }

  /** Connects; `onSettled` is called when connected or failed. A failure shows when a request is sent. */
  open(onSettled: () => void = () => {}): void {
    const { host, port, now } = this.options
    this.connected = false
    this.failure = undefined
    this.openedAt = now()
    const buffer = Buffer.allocUnsafeSlow(READ_BUFFER_BYTES)
    const onread = {
      buffer,
      callback: (size: number) => {
        this.readAt = now()
        this.takeBytes(buffer.subarray(0, size))
        return true
      },
    }
    const socket = connect({ host, port, noDelay: true, onread })
    this.socket = socket
    socket.once('connect', () => {
      this.connected = true
      onSettled()
      this.writePending()
    })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      this.failure = error.message || (error.code ?? 'connection failed')
    })
    socket.on('end', () => this.takeEnd(socket))
    socket.on('close', () => {
      if (!this.connected) onSettled()
      if (this.socket === socket) this.takeClose()
    })
  }

  /** Sends on the open connection, or connects first: then `connectMs` is a phase of its own before `sentAt`. */
  send(request: InFlight, bytes: Buffer, method: string): void {
    this.current = request
    this.pendingBytes = bytes
    this.pendingMethod = method
    if (this.usable && this.connected) {
      this.writePending()
      return
    }
    request.reused = false
    if (!this.usable) this.open()
  }

  /** Ends the request in flight with this outcome and drops the connection. */
  abandon(outcome: Outcome, error: string): void {
    const request = this.release()
    this.drop()
    if (request === undefined) return
    this.options.onIdle(this)
    request.fail(outcome, this.options.now(), error)
  }

  drop(): void {
    const socket = this.socket
    this.socket = undefined
    socket?.destroy()
  }

  private writePending(): void {
    const bytes = this.pendingBytes
    const request = this.current
    if (bytes === undefined || request === undefined || this.socket === undefined) return
    this.pendingBytes = undefined
    this.reader.start(this.pendingMethod)
    const now = this.options.now()
    if (!request.reused) request.connectMs = now - this.openedAt
    request.sentAt = now
    this.socket.write(bytes)
  }

  private takeBytes(bytes: Buffer): void {
    const request = this.current
    if (request === undefined || this.pendingBytes !== undefined) {
      // Bytes that nobody asked for: whatever they are, the next response could not be told from them.
      this.drop()
      return
    }
    this.reader.feed(bytes)
    if (this.reader.state === 'complete') this.complete(request)
    else if (this.reader.state === 'error') {
      this.abandon('protocol-error', this.reader.error ?? 'not an HTTP response')
    }
  }

  private takeHead(head: ResponseHead): void {
    const request = this.current
    if (request === undefined) return
    request.status = head.status
    request.firstByteAt ??= this.readAt
    request.headersAt = this.readAt
    if (request.keepsHeaders || this.options.captureHeaders) request.rawHeaders = head.rawHeaders
  }

  private complete(request: InFlight): void {
    this.current = undefined
    if (!this.reader.reusable) this.drop()
    const endedAt = this.readAt
    this.options.onIdle(this)
    request.succeed(endedAt)
  }

  private takeEnd(socket: Socket): void {
    if (this.socket !== socket) return
    const request = this.current
    this.readAt = this.options.now()
    if (request !== undefined && this.pendingBytes === undefined && this.reader.end()) {
      this.complete(request)
    }
  }

  private takeClose(): void {
    this.socket = undefined
    const request = this.release()
    if (request === undefined) return
    const endedAt = this.options.now()
    const inside = request.firstByteAt !== undefined
    const outcome = !this.connected ? 'refused' : inside ? 'truncated' : 'reset'
    const told = inside
      ? 'connection closed inside the response'
      : 'connection closed before a response'
    const error = this.failure ?? told
    this.options.onIdle(this)
    request.fail(outcome, endedAt, error)
  }

  private release(): InFlight | undefined {
    const request = this.current
    this.current = undefined
    this.pendingBytes = undefined
    return request
  }
}
