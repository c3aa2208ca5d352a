import type { Estimate } from './estimate.ts'
import type { Level } from './level.ts'
import type { Milliseconds } from './units.ts'

/** The latencies of one endpoint at one level as points of their empirical distribution (ECDF), thinned to be drawn. */
export interface LatencyDistribution {
  readonly endpoint: string
  readonly level: Level
  /** Ok requests, of which `points` are some. */
  readonly count: number
  /** Ascending; each is an order statistic, the least and the greatest among them. */
  readonly points: readonly DistributionPoint[]
}

export interface DistributionPoint {
  readonly ms: Milliseconds
  /** Share of the requests at or below `ms`, half of this request counted (Hazen): above 0 and below 1. */
  readonly share: number
}

/** How latency went at one level while it lasted. */
export interface LevelTimeline {
  readonly level: Level
  /** From the level's first send to its last end. */
  readonly lengthMs: Milliseconds
  /** When each round began, from the level's first send. */
  readonly roundsAt: readonly Milliseconds[]
  readonly lines: readonly TimelineLine[]
}

export interface TimelineLine {
  readonly endpoint: string
  /** In order of time; each of about equally many requests, and none over the edge of a round. */
  readonly bins: readonly TimelineBin[]
}

export interface TimelineBin {
  /** When its middle request ended, from the level's first send. */
  readonly atMs: Milliseconds
  readonly count: number
  readonly p50: Milliseconds
  /** Absent where fewer than one request lies beyond it. */
  readonly p95: Estimate
}

/** What a page draws besides a result's numbers. */
export interface RunCharts {
  /** Of measurements with ok requests. */
  readonly distributions: readonly LatencyDistribution[]
  /** Absent where the file holds no instants. */
  readonly timelines: Estimate<readonly LevelTimeline[]>
}
