import type { BudgetMetric } from './budget.ts'
import type { Estimate } from './estimate.ts'
import { type Level, nameLevel } from './level.ts'
import type { RunFacts } from './run-facts.ts'

/** Metrics that runs are compared by. */
export const RUN_METRICS = ['mean', 'p50', 'p95', 'p99', 'ok_rps'] as const satisfies readonly (
  | BudgetMetric
  | 'ok_rps'
)[]

export type RunMetric = (typeof RUN_METRICS)[number]

/** How uncertain a number is: its standard error, and the degrees of freedom behind that. */
export interface NumberError {
  readonly standardError: number
  readonly freedom: number
}

/** What a number is about: an endpoint at a level, or with a baseline the overhead of one over the other. */
export interface NumberKey {
  readonly endpoint: string
  /** Only of an overhead. */
  readonly baseline?: string | undefined
  readonly level: Level
  readonly metric: RunMetric
}

/** One number of a run, reduced to what comparing it with another run's takes. */
export interface RunNumber extends NumberKey {
  /** ms or, of `ok_rps`, 1/s; an overhead is the difference of two latencies. */
  readonly value: Estimate
  /** In the unit of the value. */
  readonly error: Estimate<NumberError>
  /** Of the value's natural logarithm; an overhead, which may be 0 or less, has none. */
  readonly logError: Estimate<NumberError>
}

/** A run without its samples. */
export interface RunNumbers {
  /** As people call it, such as the path of its file. */
  readonly name: string
  readonly facts: RunFacts
  readonly numbers: readonly RunNumber[]
  /** What was blocked, an endpoint and level; empty where replies were not judged. */
  readonly blocks: readonly BlockCount[]
}

export interface BlockCount {
  readonly endpoint: string
  readonly level: Level
  readonly blocked: number
  readonly requests: number
}

/** The same thing in two runs. */
export function sameNumber(one: NumberKey, other: NumberKey): boolean {
  return (
    one.endpoint === other.endpoint &&
    one.baseline === other.baseline &&
    one.metric === other.metric &&
    one.level.concurrency === other.level.concurrency &&
    one.level.rate === other.level.rate
  )
}

/** `proxy at concurrency 4`, or `proxy - direct at concurrency 4`: what a number is about, without its metric. */
export function nameNumber({
  endpoint,
  baseline,
  level,
}: Pick<NumberKey, 'endpoint' | 'baseline' | 'level'>): string {
  return `${baseline === undefined ? endpoint : `${endpoint} - ${baseline}`} at ${nameLevel(level)}`
}
