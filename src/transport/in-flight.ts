import type { Exchange } from '../model/exchange.ts'
import { outcomeOfStatus, type Outcome } from '../model/outcome.ts'
import type { Milliseconds } from '../model/units.ts'

const LONGEST_ERROR_BODY = 2048

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
  private errorBody: Buffer[] | undefined
  private errorBodyBytes = 0
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

  /** Counts body bytes, and keeps the beginning of an error's body: it says what went wrong. */
  addBody(bytes: Uint8Array, start: number, end: number): void {
    this.bodyBytes += end - start
    const room = LONGEST_ERROR_BODY - this.errorBodyBytes
    if (room <= 0 || this.status === undefined || (this.status >= 200 && this.status <= 299)) return
    const copy = Buffer.from(bytes.subarray(start, Math.min(end, start + room)))
    this.errorBody ??= []
    this.errorBody.push(copy)
    this.errorBodyBytes += copy.length
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
    this.done({
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
      errorBody: this.errorBody && Buffer.concat(this.errorBody).toString('utf8'),
      error,
    })
  }
}
