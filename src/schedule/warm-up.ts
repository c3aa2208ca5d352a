import type { Level } from '../model/level.ts'
import type { Plan } from '../model/plan.ts'

/** Requests of a wave: an open loop rarely has all its connections in use, so a second's arrivals warm it well enough. */
export function waveOf({ concurrency, rate }: Level): number {
  return rate === undefined ? concurrency : Math.min(concurrency, Math.ceil(rate))
}

/** Requests to each endpoint at a level that are sent first and not counted. */
export function warmupRequestsOf({ warmupRequests }: Plan, level: Level): number {
  return warmupRequests ?? waveOf(level)
}
