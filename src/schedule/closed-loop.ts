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
  /**
   * Takes the next position of the loop, from 0 and rising; left out, the loop counts for itself. Loops in several
   * threads that claim from one counter give out each slot once between them.
   */
  readonly claim?: (() => number) | undefined
}

/** Gives the next slot, or `undefined` when all have been given. */
export type SlotSource = () => Slot | undefined

/**
 * A closed loop: whoever has an answer asks for the next slot at once. Every endpoint of a level gets the same
 * prompts in the same order, because the sequence alone decides the prompt.
 */
export function createClosedLoop(options: ClosedLoopOptions): SlotSource {
  const { firstSequence = 0, requests, promptCount, jitterMs, random } = options
  const claim = options.claim ?? countUp()
  let drawn = 0
  let delayMs = 0
  return () => {
    const position = claim()
    if (position >= requests) return undefined
    // A pause belongs to its position, whoever sends it: those of positions claimed elsewhere are drawn and dropped.
    if (jitterMs > 0) {
      for (; drawn <= position; drawn += 1) delayMs = random() * jitterMs
    }
    const sequence = firstSequence + position
    return { sequence, promptIndex: sequence % promptCount, delayMs }
  }
}

function countUp(): () => number {
  let next = 0
  return () => {
    next += 1
    return next - 1
  }
}
