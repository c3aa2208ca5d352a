import { ChunkedBody } from './chunked-body.ts'
import { readResponseHead, type ResponseHead } from './http-response-head.ts'

/** The longest response head that is read; a larger one is a protocol error. */
export const LONGEST_HEAD_BYTES = 65_536

/** Where a reader is. `complete` and `error` are final until `start`. */
export type ReaderState = 'head' | 'body' | 'complete' | 'error'

export interface ResponseSink {
  /** The final response's head; interim 1xx responses are passed over. */
  onHead(head: ResponseHead): void
  /** `bytes[start..end)` belongs to the body. The bytes are only valid during the call. */
  onBody(bytes: Uint8Array, start: number, end: number): void
}

const CR = 13
const LF = 10

/**
 * Reads HTTP/1.1 responses of one connection from pieces of any size. Bytes are never decoded but for the head,
 * and a response that arrives whole, as most do, is read without keeping or copying anything.
 *
 * Strict where leniency lets two readers disagree (RFC 9112 2.2, 6.3): lines end in CRLF, no folded headers, no
 * conflicting lengths. Bytes after a complete response are reported as `surplus`: nobody asked for them, so the
 * connection must not be used again.
 */
export class HttpResponseReader {
  state: ReaderState = 'complete'
  /** Bytes received that belong to no response. */
  surplus = 0
  /** Why `state` is `error`. */
  error: string | undefined
  head: ResponseHead | undefined
  private method = 'GET'
  private pending: Buffer | undefined
  private remaining = 0
  private chunked: ChunkedBody | undefined
  private readonly sink: ResponseSink

  constructor(sink: ResponseSink) {
    this.sink = sink
  }

  /** Begins the response to a request of this method. */
  start(method: string): void {
    this.state = 'head'
    this.method = method
    this.head = undefined
    this.error = undefined
    this.pending = undefined
    this.chunked = undefined
    this.surplus = 0
  }

  feed(bytes: Buffer): void {
    let position = 0
    let input = bytes
    if (this.state === 'head' && this.pending !== undefined) {
      input = Buffer.concat([this.pending, bytes])
      this.pending = undefined
    }
    while (position < input.length) {
      if (this.state === 'head') {
        const next = this.readHead(input, position)
        if (next === undefined) return
        position = next
      } else if (this.state === 'body') {
        position = this.readBody(input, position)
      } else {
        if (this.state === 'complete') this.surplus += input.length - position
        return
      }
    }
  }

  /** The connection was closed by the other side. Returns whether that completes the response. */
  end(): boolean {
    if (this.state === 'body' && this.head?.framing.kind === 'close') this.state = 'complete'
    return this.state === 'complete'
  }

  /** Whether the connection may carry another request. */
  get reusable(): boolean {
    return this.state === 'complete' && this.surplus === 0 && this.head?.keepAlive === true
  }

  /** Reads one head from `position`; returns the position after it, or undefined when more bytes are needed. */
  private readHead(input: Buffer, position: number): number | undefined {
    const end = headEnd(input, position)
    if ((end === -1 ? input.length : end) - position > LONGEST_HEAD_BYTES) {
      return this.fail(`response head over ${LONGEST_HEAD_BYTES} bytes`, input)
    }
    if (end === -1) {
      if (!couldBeHttp(input, position)) return this.fail('not an HTTP/1.x status line', input)
      // A copy: the caller reads the next bytes into the same memory.
      this.pending = Buffer.from(input.subarray(position))
      return undefined
    }
    const head = readResponseHead(input.toString('latin1', position, end), this.method)
    if (typeof head === 'string') return this.fail(head, input)
    if (head.status === 101) return this.fail('101 Switching Protocols was not asked for', input)
    if (head.status >= 200) this.takeHead(head)
    return end + 4
  }

  private takeHead(head: ResponseHead): void {
    this.head = head
    this.sink.onHead(head)
    const { framing } = head
    if (framing.kind === 'none') {
      this.state = 'complete'
      return
    }
    this.state = 'body'
    if (framing.kind === 'length') this.remaining = framing.bytes
    if (framing.kind === 'chunked') {
      this.chunked = new ChunkedBody((bytes, start, end) => this.sink.onBody(bytes, start, end))
    }
  }

  private readBody(input: Buffer, position: number): number {
    if (this.chunked !== undefined) return this.readChunked(this.chunked, input, position)
    if (this.head?.framing.kind === 'close') {
      this.sink.onBody(input, position, input.length)
      return input.length
    }
    const end = Math.min(input.length, position + this.remaining)
    this.sink.onBody(input, position, end)
    this.remaining -= end - position
    if (this.remaining === 0) this.state = 'complete'
    return end
  }

  private readChunked(chunked: ChunkedBody, input: Buffer, position: number): number {
    const progress = chunked.feed(input, position)
    if (progress.kind === 'error') return this.fail(progress.reason, input)
    if (progress.kind === 'more') return input.length
    this.state = 'complete'
    return position + progress.consumed
  }

  private fail(reason: string, input: Buffer): number {
    this.state = 'error'
    this.error = reason
    return input.length
  }
}

/** Index of the CRLF CRLF that ends a head, or -1. */
function headEnd(input: Uint8Array, start: number): number {
  let from = start
  for (;;) {
    const cr = input.indexOf(CR, from)
    if (cr === -1 || cr + 3 >= input.length) return -1
    if (input[cr + 1] === LF && input[cr + 2] === CR && input[cr + 3] === LF) return cr
    from = cr + 1
  }
}

const PREFIX = [0x48, 0x54, 0x54, 0x50, 0x2f, 0x31, 0x2e]

/** False as soon as the bytes cannot become `HTTP/1.`, so that garbage fails at once and not at the time limit. */
function couldBeHttp(input: Uint8Array, start: number): boolean {
  return PREFIX.every(
    (byte, index) => start + index >= input.length || input[start + index] === byte,
  )
}
