/**
 * How one request ended. Failures of the system under test are data, so each kind is counted apart:
 *
 * - `ok` any 2xx with its body fully read, whatever the body says
 * - `throttled` 429 or 503
 * - `http-error` every other complete response
 * - `refused` no connection: refused, unreachable, name not found, TLS handshake failed
 * - `reset` the connection ended before the first byte of a response
 * - `truncated` the connection ended inside a response
 * - `protocol-error` the bytes received are not an HTTP response
 * - `timed-out` no complete response within the time limit
 * - `cancelled` ended by us, because the run was stopped
 */
export const OUTCOMES = [
  'ok',
  'throttled',
  'http-error',
  'refused',
  'reset',
  'truncated',
  'protocol-error',
  'timed-out',
  'cancelled',
] as const

export type Outcome = (typeof OUTCOMES)[number]

/** The outcome that a complete response with this status has. */
export function outcomeOfStatus(status: number): Outcome {
  if (status >= 200 && status <= 299) return 'ok'
  return status === 429 || status === 503 ? 'throttled' : 'http-error'
}
