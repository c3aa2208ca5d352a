import type { Exchange } from './exchange.ts'
import type { Label } from './prompt.ts'
import type { Milliseconds } from './units.ts'
import type { Verdict } from './verdict.ts'

/** Which request of a probe: the case, how often it was sent before, and how often that failed before. */
export interface ProbeTurn {
  /** Position of the case among those selected, from 0. */
  readonly caseIndex: number
  /** From 1; above it only where each case is sent several times. */
  readonly repeat: number
  /** From 1. */
  readonly attempt: number
}

/** One request of a probe, with what came of it. */
export interface ProbeAttempt extends ProbeTurn {
  readonly endpoint: string
  readonly exchange: Exchange
}

/** An attempt as it is printed and kept. Holds no secret: its texts are redacted. */
export interface ProbedCase {
  readonly caseId: string
  readonly label: Label | undefined
  readonly category: string | undefined
  readonly subcategory: string | undefined
  readonly endpoint: string
  /** From 1. */
  readonly repeat: number
  /** From 1. */
  readonly attempt: number
  /** No attempt of this case, repeat and endpoint came after it: the one that counts. */
  readonly last: boolean
  /** Undefined where no response came. */
  readonly status: number | undefined
  readonly latencyMs: Milliseconds
  /** From the sending to the response's whole head; undefined where none was read. */
  readonly headMs: Milliseconds | undefined
  readonly verdict: Verdict
  readonly prompt: string
  /** Tells equal prompts, so that runs of different datasets are not taken for one. */
  readonly promptDigest: string
  readonly preview: string
  /** Tells equal answers without keeping them; undefined where nothing was answered. */
  readonly answerDigest: string | undefined
}

/** What came of a case at an endpoint in one repeat: the attempts that counted. */
export function countedRows(probed: readonly ProbedCase[]): ProbedCase[] {
  return probed.filter(({ last }) => last)
}
