import type { Exchange } from './exchange.ts'

/** One request of a probe, with what came of it. */
export interface ProbeAttempt {
  /** Position of the case among those selected. */
  readonly caseIndex: number
  readonly endpoint: string
  /** From 1. */
  readonly attempt: number
  readonly exchange: Exchange
}
