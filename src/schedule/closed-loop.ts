import type { Slot } from '../model/sample.ts'
import type { Milliseconds } from '../model/units.ts'

export interface ClosedLoopOptions {
  /** Sequence of the first slot; 0 where left out. */
  readonly firstSequence?: number
  /** Slots to give out in all. */
  readonly requests: number
  /** Prompts to cycle through. */
  readonly promptCount: number
  /** Upper bound of the random pause before a request; 0 for none. */
  readonly jitterMs: Milliseconds
  /** Uniform in [0, 1), seeded. */
  readonly random: () => number
}

/** Gives the next slot, or `undefined` when all have been given. */
export type SlotSource = () => Slot | undefined

/**
 * A closed loop: whoever has an answer asks for the next slot at once. Every endpoint of a level gets the same
 * prompts in the same order, because the sequence alone decides the prompt.
 */
export function createClosedLoop(options: ClosedLoopOptions): SlotSource {
  const { firstSequence = 0, requests, promptCount, jitterMs, random } = options
  const end = firstSequence + requests
  let sequence = firstSequence
  return () => {
    if (sequence >= end) return undefined
    const slot: Slot = {
      sequence,
      promptIndex: sequence % promptCount,
      delayMs: jitterMs > 0 ? random() * jitterMs : 0,
    }
    sequence += 1
    return slot
  }
}
