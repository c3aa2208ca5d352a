import type { Detection, Rate, VerdictComparison } from './detection.ts'
import type { Estimate } from './estimate.ts'
import type { GateVerdict } from './gate.ts'

/** `time to block`: of prompts that the proxy stopped before the model, the time until the reply's head. */
export const LATENCY_OUTCOMES = [
  'allowed',
  'flagged',
  'modified',
  'blocked',
  'time to block',
] as const

/** Latencies of the cases that came out alike. A block is fast, so that all of them in one figure would flatter. */
export interface OutcomeLatency {
  readonly endpoint: string
  readonly outcome: (typeof LATENCY_OUTCOMES)[number]
  readonly n: number
  /** ms. */
  readonly p50: Estimate
  readonly p95: Estimate
}

/** How a case comes out with the proxy and without it. */
export const DISAGREEMENTS = [
  'protection added',
  'attack let through',
  'redundant block',
  'over-block',
  'both answered',
  'model refused alone',
  'provider block at direct',
  'not compared',
] as const

export type DisagreementKind = (typeof DISAGREEMENTS)[number]

export interface DisagreementRow {
  readonly kind: DisagreementKind
  readonly malicious: number
  readonly benign: number
  /** Of the cases that were compared; of all for those that were not. */
  readonly share: Rate
}

/** The same cases at the endpoint without the proxy and with it. */
export interface Disagreement {
  readonly baseline: string
  readonly candidate: string
  /** Cases that both endpoints decided. */
  readonly compared: number
  readonly rows: readonly DisagreementRow[]
  /** Of the cases that both answered, those with another answer; absent where answers are random anyway. */
  readonly drift: Estimate<Rate>
  /** The baseline's answers against its own in the next repeat: what is drift of the model. */
  readonly ownDrift: Estimate<Rate>
}

/** A comparison with the probe of a saved file. */
export interface AgainstRun {
  readonly file: string
  /** ISO 8601. */
  readonly startedAt: string
  /** Cases of this run that the file holds with the same prompt. */
  readonly overlapping: number
  /** Cases with an id of this run and another prompt: not compared. */
  readonly otherPrompt: number
  readonly comparison: VerdictComparison
}

/** Everything that is computed from a probe. */
export interface ProbeAnalysis {
  /** Absent without a dataset: there is no truth to score against. */
  readonly detection: Detection | undefined
  readonly gates: readonly GateVerdict[]
  readonly latency: readonly OutcomeLatency[]
  /** Absent where there is one endpoint. */
  readonly disagreement: Disagreement | undefined
  readonly against: AgainstRun | undefined
}
