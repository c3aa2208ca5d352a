import type { Severity } from '../exchange-record.ts'
import type { Role } from '../rules/rule.ts'
import type { RuleSet } from '../rules/rule-set.ts'
import type { Oddities } from '../text/fold-text.ts'
import type { Trigrams } from '../text/hints.ts'
import type { Tokens } from '../text/tokens.ts'

/** What a detector saw. Becomes a finding, alone or together with others. */
export interface Signal {
  readonly type: string
  /** Signals of one family are one sign, however many there are. */
  readonly family: string
  readonly severity: Severity
  /** 0 to 1. */
  readonly confidence: number
  readonly description: string
  /** Such as `override/ignore-previous`. */
  readonly rule: string
  /** The words, as they stood in the text that was looked at. */
  readonly evidence: string
  /** Where it begins in the text that was looked at; undefined for what is said of all of it. */
  readonly at?: number
  /** Counts only beside signals of other families. */
  readonly weak?: boolean
  /** Multiplies the confidence of what rules of language found. */
  readonly dampens?: number
}

/** A stretch of text as detectors get it: folded, and perhaps decoded first. */
export interface Piece {
  readonly text: string
  readonly tokens: Tokens
  /** Of the text that it is a piece of; undefined where nobody made them. */
  readonly trigrams: Trigrams | undefined
  readonly role: Role
  /** How it was decoded, outermost first; empty for the text as it came. */
  readonly chain: readonly string[]
  /** Whether it is an answer of the model. */
  readonly answer: boolean
}

/** Looks at one piece, some thousand characters long. */
export interface PieceDetector {
  readonly name: string
  inspect(piece: Piece, rules: RuleSet): readonly Signal[]
}

/** A whole text, with what folding found in it. */
export interface Whole {
  readonly original: string
  readonly text: string
  readonly role: Role
  readonly oddities: Oddities | undefined
}

/** Looks at a text as a whole: counts, proportions. */
export interface WholeDetector {
  readonly name: string
  inspect(whole: Whole): readonly Signal[]
}

/** A match, for evidence: nothing around it, which could be the first half of a secret. */
export function excerpt(text: string, start: number, end: number): string {
  return text.slice(start, end)
}
