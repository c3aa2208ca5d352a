import { performance } from 'node:perf_hooks'
import type { Clock } from '../model/clock.ts'

/** The process's monotonic clock, in ms since the process started. */
export const monotonicClock: Clock = { now: () => performance.now() }
