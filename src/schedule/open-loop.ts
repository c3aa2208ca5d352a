import type { Arrival } from '../model/plan.ts'
import type { PerSecond } from '../model/units.ts'
import type { SlotSource } from './closed-loop.ts'

export interface OpenLoopOptions {
  readonly firstSequence: number
  readonly requests: number
  readonly promptCount: number
  readonly rate: PerSecond
  readonly arrival: Arrival
  /** Uniform in [0, 1), seeded: the same seed gives every endpoint the same arrivals. */
  readonly random: () => number
}

/**
 * An open loop: when to send is fixed before anything is sent, whatever the answers do. Constant spacing is
 * 1/rate; Poisson spacing is exponential with that mean, as independent users arrive.
 */
export function createOpenLoop(options: OpenLoopOptions): SlotSource {
  const { firstSequence, requests, promptCount, rate, arrival, random } = options
  const gapMs = 1000 / rate
  let given = 0
  let dueMs = 0
  return () => {
    if (given >= requests) return undefined
    const sequence = firstSequence + given
    dueMs = arrival === 'constant' ? given * gapMs : dueMs - Math.log(1 - random()) * gapMs
    given += 1
    return { sequence, promptIndex: sequence % promptCount, delayMs: 0, dueMs }
  }
}
