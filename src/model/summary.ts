import type { Estimate } from './estimate.ts'
import type { Outcome } from './outcome.ts'
import type { Milliseconds } from './units.ts'

/** The numbers of a block. Latencies are E2E, in ms, over `ok` requests only; `err_rate` is a share from 0 to 1. */
export type MetricName = 'ok_rps' | 'mean' | 'p50' | 'p95' | 'p99' | 'max' | 'err_rate'

/** One row of a results table: an endpoint at a level. */
export interface Summary {
  readonly endpoint: string
  readonly url: string
  readonly concurrency: number
  /** Requests that ended by themselves. */
  readonly requests: number
  readonly ok: number
  readonly errors: number
  readonly durationMs: Milliseconds
  readonly metrics: Readonly<Record<MetricName, Estimate>>
  /** HTTP status to number of responses, ascending. */
  readonly statuses: Readonly<Record<string, number>>
  /** Only outcomes that occurred. */
  readonly outcomes: Readonly<Partial<Record<Outcome, number>>>
  /** Samples on a connection opened for them although connections are kept. */
  readonly freshConnections: number
  readonly partial: boolean
}

/** One row of the overhead table. */
export interface OverheadRow {
  readonly metric: Exclude<MetricName, 'max'>
  readonly unit: 'rps' | 'ms' | 'ratio'
  readonly baseline: Estimate
  readonly candidate: Estimate
  /** candidate - baseline. */
  readonly delta: Estimate
}

/** What the candidate adds to the baseline at one level. */
export interface Overhead {
  readonly baseline: string
  readonly candidate: string
  readonly concurrency: number
  readonly rows: readonly OverheadRow[]
}
