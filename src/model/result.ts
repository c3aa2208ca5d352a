import type { BudgetMetric, BudgetVerdict } from './budget.ts'
import type { Estimate } from './estimate.ts'
import type { Level } from './level.ts'
import type { Overhead, Summary } from './summary.ts'
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

/** Everything computed from a run's samples. */
export interface Result {
  /** One a measurement, in the same order. */
  readonly summaries: readonly Summary[]
  /** Level by level; the A/A comparison of a level after the others. */
  readonly overheads: readonly Overhead[]
  readonly significance: readonly Significance[]
  readonly budgets: readonly BudgetVerdict[]
  readonly warnings: readonly Warning[]
}
