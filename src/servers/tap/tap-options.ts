export interface TapOptions {
  readonly host: string
  /** 0 for a free one. */
  readonly port: number
  /** http(s) URL of the model; a path is put before the request's own, and a final `/v1` is not doubled. */
  readonly upstream: string
  /** Longest silence of the upstream before 504, ms. */
  readonly upstreamTimeoutMs: number
  /** File that each ended request is appended to, one JSON a line. */
  readonly logFile: string | undefined
  /** Requests kept for /tap/log. */
  readonly logLimit: number
  /** Called once when the file can no longer be written. The tap goes on: what it stands between matters more. */
  readonly onLogFailure: (error: Error) => void
}

export const TAP_DEFAULTS: Omit<TapOptions, 'upstream'> = {
  host: '127.0.0.1',
  port: 0,
  upstreamTimeoutMs: 300_000,
  logFile: undefined,
  logLimit: 100_000,
  onLogFailure: () => {},
}
