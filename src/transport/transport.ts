import type { Exchange } from '../model/exchange.ts'
import type { Milliseconds } from '../model/units.ts'
import type { StreamSettings } from './stream-tap.ts'

/** One request, encoded once before the run: the hot path only writes it. */
export interface PreparedRequest {
  readonly method: string
  /** Names in any case; neither `host`, `connection` nor `content-length`, which the transport sets. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Buffer
}

/** Characters of a `traceparent` of version 00; one width, so that a request's bytes can be encoded ahead of time. */
export const TRACEPARENT_LENGTH = 55

export interface TransportOptions {
  readonly url: URL
  /** Connections kept open, and so the most requests in flight. */
  readonly connections: number
  /** From the call of `send` to the fully read body. */
  readonly timeoutMs: Milliseconds
  /** False opens one connection a request. */
  readonly keepAlive: boolean
  /** Accept any TLS certificate. */
  readonly insecure: boolean
  /** Go through HTTP(S)_PROXY of the environment. */
  readonly useEnvProxy: boolean
  /** Keep `rawHeaders` of successful responses too. */
  readonly captureHeaders: boolean
  /** Read bodies as streams of events; left out, they are only counted. */
  readonly stream?: StreamSettings | undefined
  readonly now: () => Milliseconds
}

/** Sends requests to one endpoint. Every implementation passes `test/transport/contract.ts`. */
export interface Transport {
  /** Opens all connections ahead of time. Never throws: an endpoint that is down shows in the samples. */
  open(): Promise<void>
  /**
   * Sends one request and calls `done` exactly once, later. Never throws for what the other side does. `capture`
   * keeps the answer's headers and body for a closer look; without it only those of failures are kept. `traceparent` is
   * sent as a header of this request alone, and has to be of `TRACEPARENT_LENGTH`.
   */
  send(
    request: PreparedRequest,
    done: (exchange: Exchange) => void,
    capture?: boolean,
    traceparent?: string,
  ): void
  /** Ends all requests in flight at once, with outcome `cancelled`; later sends end so too. */
  cancel(): void
  /** Closes the connections. Call when nothing is in flight. */
  close(): Promise<void>
}
