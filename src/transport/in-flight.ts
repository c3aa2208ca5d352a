import type { Exchange } from '../model/exchange.ts'
import { outcomeOfStatus, type Outcome } from '../model/outcome.ts'
import type { Milliseconds } from '../model/units.ts'
import type { StreamTap } from './stream-tap.ts'

const LONGEST_ERROR_BODY = 2048
const LONGEST_CAPTURE = 256 * 1024

/** One request on its way: collects its stamps and reports the exchange once. */
export class InFlight {
  sentAt: Milliseconds
  firstByteAt: Milliseconds | undefined
  headersAt: Milliseconds | undefined
  status: number | undefined
  rawHeaders: string | undefined
  bodyBytes = 0
  reused = true
  connectMs: Milliseconds = 0
  /** When the request has to be given up. */
  readonly deadline: Milliseconds
  /** Headers and body are wanted although nothing failed. */
  capture = false
  /** Reads the body as a stream of events. */
  stream: StreamTap | undefined
  private kept: Buffer[] | undefined
  private keptBytes = 0
  private settled = false
  private readonly done: (exchange: Exchange) => void

  constructor(
    startedAt: Milliseconds,
    timeoutMs: Milliseconds,
    done: (exchange: Exchange) => void,
  ) {
    this.sentAt = startedAt
    this.deadline = startedAt + timeoutMs
    this.done = done
  }

  /** Counts body bytes of a read, and keeps the beginning of an error's body: it says what went wrong. */
  addBody(bytes: Uint8Array, start: number, end: number, at: Milliseconds): void {
    this.bodyBytes += end - start
    if (this.stream !== undefined && !this.settled) {
      this.stream.add(Buffer.from(bytes.subarray(start, end)), at)
    }
    const room = this.longestKept - this.keptBytes
    if (room <= 0) return
    const copy = Buffer.from(bytes.subarray(start, Math.min(end, start + room)))
    this.kept ??= []
    this.kept.push(copy)
    this.keptBytes += copy.length
  }

  /** It has ended, although its exchange may not have been handed out yet. */
  get over(): boolean {
    return this.settled
  }

  /** Whether the response's headers are to be kept. */
  get keepsHeaders(): boolean {
    return this.capture || this.failed
  }

  private get failed(): boolean {
    return this.status !== undefined && (this.status < 200 || this.status > 299)
  }

  private get longestKept(): number {
    if (this.capture) return LONGEST_CAPTURE
    return this.failed ? LONGEST_ERROR_BODY : 0
  }

  succeed(endedAt: Milliseconds): void {
    this.settle(outcomeOfStatus(this.status ?? 0), endedAt)
  }

  fail(outcome: Outcome, endedAt: Milliseconds, error: string): void {
    this.settle(outcome, endedAt, error)
  }

  private settle(outcome: Outcome, endedAt: Milliseconds, error?: string): void {
    if (this.settled) return
    this.settled = true
    const exchange: Exchange = {
      outcome,
      status: this.status,
      sentAt: this.sentAt,
      firstByteAt: this.firstByteAt,
      headersAt: this.headersAt,
      endedAt,
      reused: this.reused,
      connectMs: this.connectMs,
      bodyBytes: this.bodyBytes,
      rawHeaders: this.rawHeaders,
      errorBody: this.failed ? this.keptText(LONGEST_ERROR_BODY) : undefined,
      body: this.capture ? this.keptText(LONGEST_CAPTURE) : undefined,
      error,
    }
    if (this.stream === undefined) this.done(exchange)
    else this.stream.end(outcome, (stream) => this.done({ ...exchange, stream }))
  }

  private keptText(longest: number): string | undefined {
    return this.kept && Buffer.concat(this.kept).subarray(0, longest).toString('utf8')
  }
}
