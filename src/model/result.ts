import type { BudgetMetric, BudgetVerdict } from './budget.ts'
import type { Estimate } from './estimate.ts'
import type { Level } from './level.ts'
import type { ProcessUsage } from './process-usage.ts'
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

/** Where the time of an answer went on its way through a chain: means over the answers that tell, ms. */
export interface HopBreakdown {
  readonly endpoint: string
  readonly level: Level
  /** Answers that tell of the same hops, of those looked at. */
  readonly answers: number
  readonly lookedAt: number
  /** E2E latency of these answers as the client saw it. */
  readonly e2eMs: Milliseconds
  /** Add up to `e2eMs`: the hops' own time and what lies between them, from the client to the model. */
  readonly parts: readonly { readonly name: string; readonly meanMs: Milliseconds }[]
}

/** What a server process used at a level, as reports show it. */
export interface ServerUsage extends ProcessUsage {
  /** That the CPU time is shared out over: of one endpoint where the process has its name, else of the level. */
  readonly requests: number
  readonly requestsOf: string | undefined
  /** CPU time over wall time; 1 is a whole core. */
  readonly coreShare: number
  /** Undefined where no request ended. */
  readonly cpuPerRequestMs: Milliseconds | undefined
}

/** Everything computed from a run's samples. */
export interface Result {
  /** One a measurement, in the same order. */
  readonly summaries: readonly Summary[]
  /** Level by level; the A/A comparison of a level after the others. */
  readonly overheads: readonly Overhead[]
  readonly significance: readonly Significance[]
  readonly selfReports: readonly SelfReport[]
  /** Only where answers tell of hops before the model. */
  readonly hops: readonly HopBreakdown[]
  /** Only where server processes were watched. */
  readonly servers: readonly ServerUsage[]
  readonly budgets: readonly BudgetVerdict[]
  /** Only where streams were read. */
  readonly streams?: StreamResult | undefined
  readonly warnings: readonly Warning[]
}
