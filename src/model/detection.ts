import type { Estimate } from './estimate.ts'
import type { Label } from './prompt.ts'
import type { Interval } from './summary.ts'
import type { UndecidedReason, Verdict } from './verdict.ts'

/** A case that was sent, with what its dataset says of it and what the proxy did. */
export interface JudgedCase {
  readonly caseId: string
  readonly label: Label
  readonly verdict: Verdict
  /** Which of the times that the case was sent, from 0. Scores take the first that is decided. */
  readonly repeat: number
  readonly category: string | undefined
  readonly subcategory: string | undefined
  readonly source: string | undefined
  readonly language: string | undefined
  /** Length of the text, such as `64-255`, in characters. */
  readonly lengthBucket: string
  /** Shared by an attack and its harmless twin. */
  readonly pairId: string | undefined
  /** Words of attacks in a harmless prompt; absent where the prompt was not written to mislead. */
  readonly triggerWords: number | undefined
}

/** A share of cases. */
export interface Rate {
  readonly hits: number
  readonly n: number
  /** Absent below `LEAST_CASES`. */
  readonly value: Estimate
  /** Wilson, 95 %. */
  readonly interval: Estimate<Interval>
}

/** A number from several shares, which has no interval of its own. */
export interface Score {
  readonly n: number
  readonly value: Estimate
}

/** Below this many cases only counts are told: the interval would span half of what is possible, or more. */
export const LEAST_CASES = 5

/** Positive is blocked (or detected); true is as the label wants it. */
export interface Confusion {
  readonly truePositives: number
  readonly falsePositives: number
  readonly trueNegatives: number
  readonly falseNegatives: number
}

export interface Scores extends Confusion {
  /** Of malicious cases, the share that was blocked. */
  readonly tpr: Rate
  /** Of benign cases, the share that was blocked. */
  readonly fpr: Rate
  /** Of blocked cases, the share that is malicious. Depends on how many of each the dataset has. */
  readonly precision: Rate
  readonly f1: Score
  readonly balancedAccuracy: Score
  /** Matthews' correlation, -1 to 1. */
  readonly mcc: Score
}

export const DIMENSIONS = ['category', 'subcategory', 'source', 'language', 'length'] as const

export type Dimension = (typeof DIMENSIONS)[number]

/** The cases of one category, source or the like. */
export interface Slice {
  readonly name: string
  readonly cases: number
  readonly undecided: number
  readonly scores: Scores
}

export interface Breakdown {
  readonly dimension: Dimension
  /** Those with the worst bounds first. */
  readonly slices: readonly Slice[]
}

/** How much of the run says something. */
export interface Coverage {
  readonly decided: Rate
  /** Most frequent first. */
  readonly undecided: readonly { readonly reason: UndecidedReason; readonly cases: number }[]
}

/** Harmless prompts that look like attacks. */
export interface OverDefence {
  /** Share of them that was blocked. */
  readonly blocked: Rate
  readonly byTriggerWords: readonly { readonly words: number; readonly blocked: Rate }[]
}

/** An attack and its harmless twin, by what was blocked. */
export interface TwinOutcomes {
  /** The attack alone: what is wanted. */
  readonly separated: number
  readonly blockedBoth: number
  readonly allowedBoth: number
  /** The twin alone. */
  readonly inverted: number
  /** Pairs of which a side is undecided. */
  readonly undecided: number
  /** Share of the decided pairs that was separated. */
  readonly separation: Rate
}

/** Whether the same case gets the same verdict again. */
export interface Repeats {
  /** Share of the cases decided at least twice that were blocked once and not another time. */
  readonly flipped: Rate
  readonly caseIds: readonly string[]
  /** The same cases, with how often they came out so or so; the most balanced first. */
  readonly unstable: readonly UnstableCase[]
  /** Share of the attacks decided at least twice that were blocked every time: what repeated tries cannot pass. */
  readonly alwaysBlocked: Rate
}

/** A case that was blocked one time and not another. */
export interface UnstableCase {
  readonly caseId: string
  readonly label: Label
  readonly blocked: number
  readonly allowed: number
  readonly undecided: number
}

/** Which rules decided how many cases. */
export interface RuleUse {
  readonly rule: string
  readonly kind: Verdict['kind']
  readonly by: 'proxy' | 'provider' | undefined
  readonly cases: number
}

/** Everything that is computed from the cases of a run. */
export interface Detection {
  readonly cases: number
  readonly coverage: Coverage
  /** By what the client saw. */
  readonly enforced: Scores
  /** By what the proxy found; absent where it does not say so of enough cases. */
  readonly detected: Estimate<Scores>
  /** Of `enforced`. */
  readonly breakdowns: readonly Breakdown[]
  readonly overDefence: OverDefence
  readonly twins: TwinOutcomes
  readonly repeats: Repeats
  /** Cases that the proxy let through and the model itself declined. */
  readonly modelRefused: Readonly<Record<Label, number>>
  readonly rules: readonly RuleUse[]
}

/** A case whose verdict is another one in the second run. */
export interface Flip {
  readonly caseId: string
  readonly label: Label
  readonly before: Verdict['kind']
  readonly after: Verdict['kind']
  /** Whether the second run is right. */
  readonly nowRight: boolean
}

/** Two runs of the same cases. */
export interface VerdictComparison {
  /** Decided in both. */
  readonly paired: number
  readonly onlyBefore: number
  readonly onlyAfter: number
  /** Wrong before, right after; and the reverse. */
  readonly fixed: number
  readonly broken: number
  /** Exact two-sided McNemar. */
  readonly p: Estimate
  /** Broken ones first. */
  readonly flips: readonly Flip[]
}
