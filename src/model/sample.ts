import type { Outcome } from './outcome.ts'
import type { Milliseconds } from './units.ts'

/** A planned send. */
export interface Slot {
  /** Position in its block, from 0. */
  readonly sequence: number
  /** Index into the run's prompts. */
  readonly promptIndex: number
  /** Wait this long before sending, so that workers do not move in lockstep. 0 for none. */
  readonly delayMs: Milliseconds
}

/** The record of one request: the hinge between measuring (left) and analysis (right). */
export interface Sample {
  readonly sequence: number
  readonly promptIndex: number
  readonly outcome: Outcome
  readonly status: number | undefined
  readonly sentAt: Milliseconds
  readonly firstByteAt: Milliseconds | undefined
  readonly endedAt: Milliseconds
  readonly reused: boolean
  readonly connectMs: Milliseconds
  readonly bodyBytes: number
}
