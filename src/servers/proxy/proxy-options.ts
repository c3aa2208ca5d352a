import type { RetentionOptions } from './store/store-link.ts'
import type { StoreSpec } from './store/store-spec.ts'
import type { LatencySpec } from '../../stats/latency-spec.ts'
import type { StreamFaults } from './stream-faults.ts'

export interface ProxyOptions {
  readonly host: string
  /** 0 for a free one. */
  readonly port: number
  /** http(s) URL; a path is put before the request's own, and a final `/v1` is not doubled. */
  readonly upstream: string
  /** Longest silence of the upstream before 504, ms. */
  readonly upstreamTimeoutMs: number
  /** Longest that a client may take to send a whole request, ms. */
  readonly requestTimeoutMs: number
  /** Longest that it may take to send the head of one, ms. */
  readonly headTimeoutMs: number
  readonly injectDelay: LatencySpec
  /** `after` holds the response back from its first byte. */
  readonly injectWhere: 'before' | 'after'
  readonly injectHow: 'sleep' | 'burn'
  /** What is done wrong with streams; undefined for nothing. */
  readonly streamFaults: StreamFaults | undefined
  /** Add `injected;dur=...` to the response's server-timing. */
  readonly announce: boolean
  readonly seed: number
  /** Where what is recorded goes. */
  readonly store: StoreSpec
  readonly retention: RetentionOptions
  /** What readers have to bear; undefined where only this machine can read. */
  readonly apiKey: string | undefined
  /** Base URL of an OTLP/HTTP receiver; undefined for no export. */
  readonly otlpUrl: string | undefined
  /** Takes one line for people, about what fails beside the forwarding. */
  readonly warn: (line: string) => void
}

export const PROXY_DEFAULTS: Omit<ProxyOptions, 'upstream'> = {
  host: '127.0.0.1',
  port: 0,
  upstreamTimeoutMs: 300_000,
  requestTimeoutMs: 300_000,
  headTimeoutMs: 20_000,
  injectDelay: { kind: 'fixed', ms: 0 },
  injectWhere: 'before',
  injectHow: 'sleep',
  streamFaults: undefined,
  announce: true,
  seed: 1,
  store: { kind: 'memory' },
  retention: { days: 30, bytes: 1024 ** 3 },
  apiKey: undefined,
  otlpUrl: undefined,
  warn: () => {},
}
