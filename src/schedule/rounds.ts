import type { Level } from '../model/level.ts'
import type { Plan } from '../model/plan.ts'

/** Intervals stop getting narrower at about ten rounds for the same time. */
const USUAL_ROUNDS = 10

/** A block shorter than this many waves is mostly its own beginning and end. */
const WAVES = 2

/**
 * Rounds for `requests` at a level: even, at most ten, each block of at least two full waves of the concurrency.
 * At least 1; too few for an interval where the requests do not go further.
 */
export function chooseRounds(requests: number, { concurrency, rate }: Level, most = USUAL_ROUNDS) {
  // An open loop has no waves: a block of ten arrivals is short enough.
  const block = rate === undefined ? WAVES * concurrency : 10
  const fitting = Math.min(most, Math.floor(requests / block))
  return fitting < 2 ? 1 : fitting - (fitting % 2)
}

/** Rounds that this plan has at a level. */
export function roundsOf(plan: Plan, level: Level): number {
  if (plan.order === 'sequential' || plan.endpoints.length < 2) return 1
  return Math.min(plan.requests, plan.rounds ?? chooseRounds(plan.requests, level))
}

/** Requests of round `round` of `rounds`: as equal as can be, and `requests` in all. */
export function shareOf(requests: number, round: number, rounds: number) {
  const first = Math.floor((requests * round) / rounds)
  return { first, count: Math.floor((requests * (round + 1)) / rounds) - first }
}
