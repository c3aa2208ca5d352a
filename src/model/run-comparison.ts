import type { Estimate } from './estimate.ts'
import type { NumberKey, RunMetric } from './run-numbers.ts'
import type { Bound } from './summary.ts'

/** What two runs have to agree in, or their numbers are about different things. */
export const RUN_TRAITS = [
  'model',
  'corpus',
  'system',
  'temperature',
  'max-tokens',
  'shape',
] as const

export type RunTrait = (typeof RUN_TRAITS)[number]

/** A trait in which two runs differ, as people read it. */
export interface TraitDifference {
  readonly trait: RunTrait
  readonly before: string
  readonly after: string
}

export interface ComparedRun {
  readonly name: string
  readonly startedAt: string | undefined
  readonly partial: boolean
}

/**
 * A number of a later run against the first's. `share` is (later - first) / first, which an overhead has not: it may be
 * 0. Its change is `difference`, in ms.
 */
export interface NumberChange {
  readonly scale: 'share' | 'difference'
  readonly delta: Estimate
  /** 95 %. */
  readonly interval: Estimate<Bound>
  /** Undefined where there is no interval. */
  readonly decided: 'slower' | 'faster' | 'undecided' | undefined
}

export interface ComparedCell {
  readonly value: Estimate
  /** Half the width of the value's own 95 % interval. */
  readonly halfWidth: Estimate
  /** Of every run but the first. */
  readonly change: NumberChange | undefined
}

export interface ComparedNumber extends NumberKey {
  /** One a run, in their order. */
  readonly cells: readonly ComparedCell[]
}

/** Geometric mean of a metric over the endpoints and levels that all runs have. */
export interface GeometricMean {
  readonly metric: RunMetric
  /** How many numbers it is over. */
  readonly count: number
  readonly cells: readonly { readonly value: number; readonly share: number | undefined }[]
}

/** A number against the limit of `--fail-on-regression`. */
export interface RegressionVerdict extends NumberKey {
  /** The later run. */
  readonly run: string
  readonly state: 'PASS' | 'FAIL' | 'INCONCLUSIVE'
  /** Why it is inconclusive. */
  readonly reason: string | undefined
}

export interface Regression {
  /** The slowdown allowed, 0.05 for 5 %. */
  readonly limit: number
  readonly verdicts: readonly RegressionVerdict[]
}

/** Saved runs side by side; the first is what the others are compared with. */
export interface RunComparison {
  readonly runs: readonly ComparedRun[]
  readonly numbers: readonly ComparedNumber[]
  readonly means: readonly GeometricMean[]
  /** What one should know: drift, traits that differ by permission, what only some runs have. */
  readonly notes: readonly string[]
  readonly regression: Regression | undefined
}
