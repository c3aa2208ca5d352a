import type { Exchange } from './exchange.ts'
import type { Label } from './prompt.ts'
import type { Milliseconds } from './units.ts'
import type { Verdict } from './verdict.ts'

/** One request of a probe, with what came of it. */
export interface ProbeAttempt {
  /** Position of the case among those selected. */
  readonly caseIndex: number
  readonly endpoint: string
  /** From 1. */
  readonly attempt: number
  readonly exchange: Exchange
}

/** An attempt as it is printed and kept. Holds no secret: its preview is redacted. */
export interface ProbedCase {
  readonly caseId: string
  readonly label: Label | undefined
  readonly category: string | undefined
  readonly subcategory: string | undefined
  readonly endpoint: string
  readonly attempt: number
  /** No attempt of this case and endpoint came after it: the one that counts. */
  readonly last: boolean
  /** Undefined where no response came. */
  readonly status: number | undefined
  readonly latencyMs: Milliseconds
  readonly verdict: Verdict
  readonly prompt: string
  readonly preview: string
}
