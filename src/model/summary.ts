import type { Estimate } from './estimate.ts'
import type { Outcome } from './outcome.ts'
import type { Milliseconds } from './units.ts'

/** One row of a results table: an endpoint at a level. Latencies are E2E, in ms, over `ok` requests only. */
export interface Summary {
  readonly endpoint: string
  readonly url: string
  readonly concurrency: number
  readonly requests: number
  readonly ok: number
  readonly errors: number
  /** `errors / requests`, 0 to 1. */
  readonly errorRate: Estimate
  readonly durationMs: Milliseconds
  /** 2xx completed per second of the block's duration. */
  readonly okRps: Estimate
  readonly mean: Estimate
  readonly p50: Estimate
  readonly p95: Estimate
  readonly p99: Estimate
  readonly max: Estimate
  /** HTTP status to number of responses, ascending. */
  readonly statuses: Readonly<Record<string, number>>
  /** Only outcomes that occurred. */
  readonly outcomes: Readonly<Partial<Record<Outcome, number>>>
  readonly partial: boolean
}

/** One row of the overhead table. */
export interface OverheadRow {
  readonly metric: 'ok_rps' | 'mean' | 'p50' | 'p95' | 'p99' | 'err_rate'
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
