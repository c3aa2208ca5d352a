import type { Estimate } from './estimate.ts'
import type { Level } from './level.ts'
import type { Outcome } from './outcome.ts'
import type { Label } from './prompt.ts'
import type { Milliseconds } from './units.ts'

/** The numbers of a level. Latencies are E2E, in ms, over `ok` requests only; `err_rate` is a share from 0 to 1. */
export type MetricName = 'ok_rps' | 'mean' | 'p50' | 'p95' | 'p99' | 'max' | 'err_rate'

/** A metric with a row in the overhead table. */
export type ComparedMetric = Exclude<MetricName, 'max'>

/** `tps` is tokens per second, `count` a number of things. */
export type MetricUnit = 'rps' | 'ms' | 'ratio' | 'tps' | 'count'

/** One row of a results table: an endpoint at a level. */
export interface Summary {
  readonly endpoint: string
  readonly url: string
  readonly level: Level
  /** Requests that ended by themselves. */
  readonly requests: number
  readonly ok: number
  readonly errors: number
  /** Sum over rounds of first send to last end. */
  readonly durationMs: Milliseconds
  readonly metrics: Readonly<Record<MetricName, Estimate>>
  /** HTTP status to number of responses, ascending. */
  readonly statuses: Readonly<Record<string, number>>
  /** Only outcomes that occurred. */
  readonly outcomes: Readonly<Partial<Record<Outcome, number>>>
  /** Samples on a connection opened for them although connections are kept. */
  readonly freshConnections: number
  /** Only at a level with a rate. */
  readonly openLoop?: OpenLoopFigures | undefined
  /** Requests within the SLO per second; only where one was set. */
  readonly goodput?: Estimate | undefined
  /** What was blocked; absent where replies were not judged. */
  readonly blocks?: BlockFigures | undefined
  readonly partial: boolean
}

/** What an open loop adds to the latencies, which are from the intended instant. */
export interface OpenLoopFigures {
  /** From the sending instead of the intended instant, ms. */
  readonly service: Readonly<Record<'p50' | 'p95' | 'p99', Estimate>>
  /** Our own lateness: sent minus intended, ms. */
  readonly lag: Readonly<Record<'p50' | 'p99', Estimate>>
  /** Arrivals that waited because the most requests were in flight. */
  readonly heldBack: number
}

/** Two ends. */
export interface Bound {
  readonly low: number
  readonly high: number
}

/** A confidence interval. */
export interface Interval extends Bound {
  /** How it was computed; docs/methodology.md has each. */
  readonly method: 'jackknife' | 'log-ratio-t' | 'rule-of-three' | 'wilson' | 'batch-means'
}

/** Blocked among the decided requests. */
export interface BlockRate {
  readonly blocked: number
  /** Blocked and allowed. */
  readonly decided: number
  /** Different prompts among the decided. */
  readonly prompts: number
  /** blocked / decided, 0 to 1. */
  readonly value: Estimate
  /** Wilson's with as many cases as there are prompts: the same prompt again is no further case. */
  readonly interval: Estimate<Interval>
}

/** What was blocked of an endpoint's requests at a level. allowed + blocked + undecided + errors are all requests. */
export interface BlockFigures {
  /** Answered with a 2xx, and let through as it was, marked or changed. */
  readonly allowed: number
  readonly blocked: number
  /** Of the blocked, those that came as a 2xx, and so are ok in the specification's words. */
  readonly blockedOk: number
  /** Answered with a 2xx of which cannot be said what it is. */
  readonly undecided: number
  /** Not ok, and no block. */
  readonly errors: number
  readonly rate: BlockRate
  /** E2E latency of the blocked, ms. */
  readonly timeToBlock: Readonly<Record<'p50' | 'p95', Estimate>>
  /** E2E latency of the allowed, ms; only where something was blocked. */
  readonly allowedLatency: Readonly<Record<'mean' | 'p50' | 'p95' | 'p99', Estimate>>
  /** Only where the prompts have labels. */
  readonly byLabel: readonly { readonly label: Label; readonly rate: BlockRate }[]
  /** What the blocks were known by, most frequent first. */
  readonly rules: readonly { readonly rule: string; readonly requests: number }[]
}

/** One row of the overhead table. */
export interface OverheadRow<N extends string = ComparedMetric> {
  readonly metric: N
  readonly unit: MetricUnit
  readonly baseline: Estimate
  readonly candidate: Estimate
  /** candidate - baseline. */
  readonly delta: Estimate
  /** 95 % interval of the delta. */
  readonly interval: Estimate<Interval>
  /** candidate / baseline. */
  readonly ratio: Estimate
  /** 95 % interval of the ratio. */
  readonly ratioInterval: Estimate<Interval>
  /** The smallest true delta that this many rounds would tell from none in 80 of 100 runs. */
  readonly detectable: Estimate
  /** Two-sided, exact sign-flip over rounds, not adjusted for looking at several metrics. */
  readonly pValue: Estimate
}

/** The same prompt through both: quantiles of the differences, which are not differences of quantiles. */
export interface PairedDifference {
  /** Pairs with both sides ok and neither blocked. */
  readonly pairs: number
  /** Hodges-Lehmann estimate of the typical difference, ms. */
  readonly typical: Estimate
  readonly interval: Estimate<Interval>
  readonly p50: Estimate
  readonly p95: Estimate
  readonly p99: Estimate
}

/** What the candidate adds to the baseline over some rounds. */
export interface Comparison {
  readonly baseline: string
  readonly candidate: string
  readonly rounds: number
  readonly rows: readonly OverheadRow[]
  readonly paired: PairedDifference
}

/** What the candidate adds to the baseline at one level. */
export interface Overhead extends Comparison {
  readonly level: Level
  /** The baseline against itself: what no difference looks like here. */
  readonly control: boolean
  /** Pairs left out of the latencies because a side was not ok; none are with the sequential order. */
  readonly pairsLeftOut: number
  /** Further pairs left out because a side was blocked. */
  readonly pairsBlocked: number
}
