import type { Estimate } from './estimate.ts'
import type { Comparison } from './summary.ts'
import type { Milliseconds } from './units.ts'

/** Latencies of pairs that were measured elsewhere, in the order of measurement. */
export interface PairedLatencies {
  /** ms, one a pair. */
  readonly baseline: Float64Array
  readonly candidate: Float64Array
  /** The row of each pair in its file, from 1. */
  readonly rows: Uint32Array
  /** Rows left out because a side is empty. */
  readonly leftOut: number
}

/** A row from which on the differences of pairs keep to another level. */
export interface RegimeChange {
  readonly row: number
  /** Median difference of the regime before, and of the one that begins here. */
  readonly medianBefore: Milliseconds
  readonly medianAfter: Milliseconds
  /** The larger of Pettitt's p and a block permutation's, over the two regimes. */
  readonly p: number
}

/** A stretch of rows over which the differences keep to one level. */
export interface Regime {
  readonly firstRow: number
  readonly lastRow: number
  readonly comparison: Comparison
}

/** Everything computed from pairs measured elsewhere. */
export interface Replay {
  readonly pairs: number
  readonly leftOut: number
  /** Pairs in each block of the permutation: three times as many as resemble each other. */
  readonly blockLength: number
  /** Empty where one level explains all pairs; the reason where there are too few of them to tell. */
  readonly changes: Estimate<readonly RegimeChange[]>
  /** Over all rows; nothing but reasons where there are several regimes. */
  readonly pooled: Comparison
  /** At least one. */
  readonly regimes: readonly Regime[]
}
