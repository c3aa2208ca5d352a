import type { Level } from './level.ts'
import type { Interval, MetricUnit } from './summary.ts'
import type { Milliseconds, PerSecond } from './units.ts'

/** A metric that a budget of added latency may be set on. */
export const BUDGET_METRICS = ['mean', 'p50', 'p95', 'p99'] as const

export type BudgetMetric = (typeof BUDGET_METRICS)[number]

/** The most that a metric may grow by: so many ms, or such a share of the baseline. */
export interface OverheadBudget {
  readonly metric: BudgetMetric
  readonly limit: { readonly ms: Milliseconds } | { readonly share: number }
}

/** What a run must keep. */
export interface Budgets {
  readonly maxOverhead: readonly OverheadBudget[]
  /** Share of requests, 0 to 1. */
  readonly maxErrorRate: number | undefined
  readonly minOkRps: PerSecond | undefined
}

/** The most that a request may take to count towards goodput: each limit that is set has to be kept. */
export interface Slo {
  readonly e2eMs?: Milliseconds | undefined
  /** To the first token of a stream. */
  readonly ttftMs?: Milliseconds | undefined
  /** For each further token of a stream. */
  readonly tpotMs?: Milliseconds | undefined
}

/** A budget against the interval of what was measured: a point estimate alone decides nothing. */
export interface BudgetVerdict {
  /** As the flag gave it, such as `--max-overhead p95=5ms`. */
  readonly budget: string
  readonly endpoint: string
  readonly level: Level
  readonly state: 'PASS' | 'FAIL' | 'INCONCLUSIVE'
  readonly unit: MetricUnit
  readonly limit: number
  readonly value: number | undefined
  readonly interval: Interval | undefined
  /** Why it is inconclusive, and how many requests would decide where that can be told. */
  readonly reason: string | undefined
}
