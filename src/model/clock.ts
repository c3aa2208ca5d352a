import type { Milliseconds } from './units.ts'

/** The one monotonic clock of a run. Never the wall clock: that one jumps. */
export interface Clock {
  now(): Milliseconds
}
