import type { Milliseconds } from './units.ts'

/**
 * What the server behind the proxy saw of one request, on the run's clock: carried over by the clock of the machine that
 * both run on, and so good to about a millisecond.
 */
export interface UpstreamArrival {
  readonly at: Milliseconds
  /** When it saw the request's connection go away before its answer was whole; absent where it did not. */
  readonly abortedAt?: Milliseconds | undefined
}
