import type { Milliseconds } from './units.ts'

/** A planned send: one request to come. */
export interface Slot {
  /** Position among the endpoint's requests at the level, from 0, over all rounds. */
  readonly sequence: number
  /** Index into the run's prompts. */
  readonly promptIndex: number
  /** Closed loop: wait this long before sending, so that requests do not move in lockstep. 0 for none. */
  readonly delayMs: Milliseconds
  /** Open loop: when to send, in ms from the start of the block. */
  readonly dueMs?: Milliseconds
}
