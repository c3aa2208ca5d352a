import type { Estimate } from './estimate.ts'
import type { Milliseconds, PerSecond } from './units.ts'

/** One rate tried on one endpoint. */
export interface CapacityTrial {
  readonly rate: PerSecond
  readonly requests: number
  /** Share of the requests that were ok within the SLO, 0 to 1. */
  readonly attainment: Estimate
  /** Our own lateness at p99. */
  readonly lagP99Ms: Milliseconds
  readonly heldBack: number
  readonly passed: boolean
}

/** The highest offered load at which an endpoint keeps the SLO. */
export interface Capacity {
  readonly endpoint: string
  /** Kept the SLO in two trials; absent when no rate did, or when the search was stopped. */
  readonly rate: Estimate
  /** The lowest rate at which it did not; absent when the client gave out first. */
  readonly failingRate: PerSecond | undefined
  /** In the order in which they ran. */
  readonly trials: readonly CapacityTrial[]
  /** The client was late itself, so the endpoint may be able to do more. */
  readonly limitedByClient: boolean
}
