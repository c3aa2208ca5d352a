import type { Outcome } from './outcome.ts'
import type { StreamFacts } from './stream.ts'
import type { Milliseconds } from './units.ts'

/**
 * What the transport saw of one request: its timeline and how it ended. Complete also when it failed.
 * All instants are on the run's monotonic clock; an instant that did not happen is `undefined`, never 0.
 */
export interface Exchange {
  readonly outcome: Outcome
  /** HTTP status of the final response, when its head was read. */
  readonly status?: number | undefined
  /** When the request's bytes were handed to the socket (or the attempt began, when no connection could be had). */
  readonly sentAt: Milliseconds
  /** First byte of the final response (an interim 1xx does not count). */
  readonly firstByteAt?: Milliseconds | undefined
  /** Head of the final response complete. */
  readonly headersAt?: Milliseconds | undefined
  /** Body fully read, or the moment the failure was seen. */
  readonly endedAt: Milliseconds
  /** True when the request went out on a connection that had carried one before or was opened ahead of time. */
  readonly reused: boolean
  /** Connection set-up that this request waited for, TCP and TLS; 0 when `reused`. Not part of `endedAt - sentAt`. */
  readonly connectMs: Milliseconds
  /** Bytes of decoded body read. */
  readonly bodyBytes: number
  /** Header block as received (latin1, CRLF-separated, without the status line), for failures and where asked for. */
  readonly rawHeaders?: string | undefined
  /** First 2048 bytes of the body of a response that is not 2xx. May hold anything: redact before printing. */
  readonly errorBody?: string | undefined
  /** The body as text, up to 256 KiB, where capturing was asked for. */
  readonly body?: string | undefined
  /** What came of the stream, where streams are read. */
  readonly stream?: StreamFacts | undefined
  /** Text of a transport failure, such as `connect ECONNREFUSED 127.0.0.1:9`. */
  readonly error?: string | undefined
}
