import type { Severity } from '../exchange-record.ts'
import type { Hints } from '../text/hints.ts'
import type { Phrase } from './phrase.ts'

/** Who speaks in a segment. `system` is the operator: trusted, and not searched for instructions. */
export type Role = 'system' | 'user' | 'assistant' | 'tool'

/** A rule as its file states it, checked and compiled. */
export interface Rule {
  /** `file/id`. */
  readonly id: string
  /** The finding's type. */
  readonly type: string
  /** Signals of one family are one sign, however many there are. */
  readonly family: string
  readonly severity: Severity
  /** 0 to 1. */
  readonly confidence: number
  readonly description: string
  /** No finding by itself: counts only beside signals of other families. */
  readonly weak: boolean
  /** For a context that makes attacks less likely, such as a question about attacks: multiplies their confidence. */
  readonly dampens: number | undefined
  /** Only for what was decoded first: there a hint is enough. */
  readonly decoded: boolean
  readonly roles: ReadonlySet<Role>
  readonly phrases: readonly Phrase[]
  /** A match of one of these in the same text voids the rule. */
  readonly unless: readonly Phrase[]
  readonly patterns: readonly Pattern[]
  /** One of these has to be in the text, or the patterns are not tried; undefined for no such word. */
  readonly hints: Hints | undefined
  readonly tests: { readonly match: readonly string[]; readonly ignore: readonly string[] }
}

export interface Pattern {
  readonly source: string
  readonly expression: RegExp
  /** What every match holds; undefined where that is not plain to see. */
  readonly literal: Hints | undefined
}
