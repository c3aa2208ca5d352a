import type { BudgetMetric, BudgetVerdict } from './budget.ts'
import type { Estimate } from './estimate.ts'
import type { Level } from './level.ts'
import type { StreamResult } from './stream-result.ts'
import type { Overhead, Summary } from './summary.ts'
import type { Milliseconds } from './units.ts'
import type { Warning } from './warning.ts'

/** Whether the primary metric differs at a level at all. */
export interface Significance {
  readonly candidate: string
  readonly level: Level
  readonly metric: BudgetMetric
  /** Exact two-sided sign-flip over rounds. */
  readonly p: Estimate
  /** The same after Holm's adjustment for looking at several levels and candidates. */
  readonly adjusted: Estimate
}

/** What a proxy says of its own latency, beside what was seen. */
export interface SelfReport {
  readonly candidate: string
  readonly level: Level
  /** The header that says so. */
  readonly source: string
  /** Mean over the answers looked at that carry it. */
  readonly toldMs: Milliseconds
  /** Share of the answers looked at that carry it, 0 to 1. */
  readonly presence: number
  /** Mean overhead observed. */
  readonly observedMs: Estimate
  /** The header tells about the whole latency instead of the proxy's part. */
  readonly equalsTotal: boolean
}

/** Everything computed from a run's samples. */
export interface Result {
  /** One a measurement, in the same order. */
  readonly summaries: readonly Summary[]
  /** Level by level; the A/A comparison of a level after the others. */
  readonly overheads: readonly Overhead[]
  readonly significance: readonly Significance[]
  readonly selfReports: readonly SelfReport[]
  readonly budgets: readonly BudgetVerdict[]
  /** Only where streams were read. */
  readonly streams?: StreamResult | undefined
  readonly warnings: readonly Warning[]
}
