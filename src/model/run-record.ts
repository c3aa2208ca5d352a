import type { Budgets, BudgetMetric, Slo } from './budget.ts'
import type { Measurement } from './measurement.ts'
import type { Plan, RequestSpec } from './plan.ts'
import type { Label } from './prompt.ts'
import type { Warning } from './warning.ts'

/** What analysis has to know besides the samples. */
export interface AnalysisSettings {
  readonly slo: Slo | undefined
  readonly budgets: Budgets
  /** The one metric that significance is about. */
  readonly primaryMetric: BudgetMetric
  /** Whether the p-values are printed. */
  readonly pValues: boolean
  readonly untilHalfWidthMs: number | undefined
  readonly keepAlive: boolean
  readonly selfWarmup: boolean
}

/** Which prompts a run cycled through. */
export interface DatasetUse {
  readonly file: string | null
  readonly suite: string | null
  readonly label: string
  readonly categoryContains: readonly string[]
  readonly subcategoryContains: readonly string[]
  readonly limit: number
  readonly shuffleSeed: number
  /** Prompts selected. */
  readonly selected: number
  /** Bad rows left out; absent in run files from before they were counted. */
  readonly skippedInvalid?: number
  /** Rows left out because an earlier one sends the same; absent likewise. */
  readonly duplicatesRemoved?: number
}

/** What a run is, known before its first request. Holds no secret; URLs are redacted. */
export interface RunHead {
  readonly tool: { readonly name: 'llmtrace-bench'; readonly version: string }
  /** ISO 8601, UTC. */
  readonly startedAt: string
  readonly node: string
  readonly platform: string
  readonly client: 'lean' | 'undici'
  /** Threads that shared out the sending; absent where one thread did all. */
  readonly clientWorkers?: number | undefined
  readonly plan: Plan
  readonly spec: RequestSpec
  readonly hasToken: boolean
  readonly agentId: string | undefined
  readonly dataset: DatasetUse | undefined
  /** By `promptIndex`; absent without a dataset. */
  readonly promptLabels?: readonly (Label | null)[] | undefined
  readonly settings: AnalysisSettings
}

/** A whole run: everything that a report is computed from. */
export interface RunRecord extends RunHead {
  /** Level by level, one an endpoint, in the plan's order. */
  readonly measurements: readonly Measurement[]
  /** Stopped early. */
  readonly partial: boolean
  /** What went wrong around the measuring, such as a full disk. */
  readonly incidents: readonly Warning[]
}
