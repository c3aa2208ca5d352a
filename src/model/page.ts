import type { BudgetMetric, Slo } from './budget.ts'
import type { Capacity } from './capacity.ts'
import type { RunCharts } from './chart.ts'
import type { Detection } from './detection.ts'
import type { Endpoint } from './endpoint.ts'
import type { GateVerdict } from './gate.ts'
import type { Level } from './level.ts'
import type { ErrorExample } from './measurement.ts'
import type { Plan, RequestSpec } from './plan.ts'
import type { ProbedCase } from './probe.ts'
import type { Result } from './result.ts'
import type { RunHead } from './run-record.ts'
import type { Outcome } from './outcome.ts'

/** What is known of how a run was made. Files of older versions know less: what they do not know is absent. */
export interface PageHead {
  readonly tool: { readonly name: string; readonly version: string }
  readonly startedAt: string
  readonly endpoints: readonly Endpoint[]
  readonly spec: Pick<RequestSpec, 'model'> & Partial<RequestSpec>
  readonly hasToken: boolean | undefined
  readonly agentId: string | undefined
  readonly partial: boolean
  readonly plan: Partial<Omit<Plan, 'endpoints' | 'levels'>>
  readonly machine: Partial<Pick<RunHead, 'node' | 'platform' | 'client' | 'clientWorkers'>>
  readonly keepAlive?: boolean | undefined
  readonly selfWarmup?: boolean | undefined
  readonly dataset?: RunHead['dataset']
}

/** How the requests of one endpoint at one level ended that were not ok. */
export interface Failures {
  readonly endpoint: string
  readonly level: Level
  readonly requests: number
  readonly outcomes: Readonly<Partial<Record<Outcome, number>>>
  readonly examples: readonly (ErrorExample | { readonly message: string })[]
}

/** A load run. */
export interface RunPart {
  readonly result: Result
  readonly charts: RunCharts
  readonly failures: readonly Failures[]
  /** The metric that the first sentence is about. */
  readonly primaryMetric: BudgetMetric
  readonly slo: Slo | undefined
  readonly pValues: boolean
}

/** A search of `--find-capacity`. */
export interface CapacityPart {
  /** The baseline first. */
  readonly capacities: readonly Capacity[]
  readonly slo: Slo
  /** Share of the requests that had to keep the SLO, 0 to 1. */
  readonly share: number
}

/** A probe. */
export interface ProbePart {
  /** Absent without a dataset: there is no truth to score against. */
  readonly detection: Detection | undefined
  readonly gates: readonly GateVerdict[]
  readonly cases: readonly PageCase[]
}

/** Files keep no prompts of cases; a page made by the run itself has them. */
export type PageCase = Omit<ProbedCase, 'prompt' | 'promptDigest' | 'answerDigest'> & {
  readonly prompt?: string | undefined
}

/** Everything that a page is made of. Each of its sections takes the part it is about. */
export interface Page {
  readonly head: PageHead
  readonly run?: RunPart
  readonly capacity?: CapacityPart
  readonly probe?: ProbePart
}
