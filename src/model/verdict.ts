import type { Label } from './prompt.ts'

/**
 * Where a block happened. `request`: the model never saw the prompt. `response`: it did, and the client did not get
 * its answer, or only the beginning of it.
 */
export type Stage = 'request' | 'response'

/** What a verdict rests on, strongest first; docs/verdicts.md has the order of proof. */
export const EVIDENCE_KINDS = [
  'upstream',
  'field',
  'header',
  'finish-reason',
  'user-rule',
  'text',
  'status',
  'differential',
  'answer',
  'transport',
] as const

/** One thing that was seen: where, and its words. */
export interface Evidence {
  readonly kind: (typeof EVIDENCE_KINDS)[number]
  /** Such as `error.type` or `x-llmtrace-action`. */
  readonly field: string
  /** As received, on one line, at most 160 characters. */
  readonly quote: string
}

/** Why a case says nothing about the proxy. Such cases count neither as blocked nor as allowed. */
export const UNDECIDED_REASONS = [
  'throttled',
  'unauthorised',
  'bad-request',
  'server-error',
  'timed-out',
  'transport',
  'cancelled',
  'cut-short',
  'empty',
  'unreadable',
  'truncated-reasoning',
  'unexplained',
  'refused-without-proxy',
] as const

export type UndecidedReason = (typeof UNDECIDED_REASONS)[number]

interface Grounds {
  /** The rule that decided, such as `portkey/hooks-failed`. */
  readonly rule: string
  /** At least one, strongest first. */
  readonly evidence: readonly Evidence[]
  /** The model itself declined, by its `refusal` field or in prose. Never a block. */
  readonly modelRefused: boolean
  /**
   * Whether the proxy found something, whatever it did about it. Unknown where it does not say: a proxy that only
   * logs allows everything and may have found everything.
   */
  readonly detected: boolean | undefined
}

export interface AllowedVerdict extends Grounds {
  readonly kind: 'allowed'
}

/** Let through with a mark, such as a header. */
export interface FlaggedVerdict extends Grounds {
  readonly kind: 'flagged'
}

/** Let through with a changed prompt or answer. */
export interface ModifiedVerdict extends Grounds {
  readonly kind: 'modified'
}

export interface BlockedVerdict extends Grounds {
  readonly kind: 'blocked'
  readonly stage: Stage
  /** A provider's own filter looks like a block to the client, but is none of the proxy's. */
  readonly by: 'proxy' | 'provider'
}

export interface UndecidedVerdict extends Grounds {
  readonly kind: 'undecided'
  readonly reason: UndecidedReason
}

/** What a proxy did with a prompt. */
export type Verdict =
  | AllowedVerdict
  | FlaggedVerdict
  | ModifiedVerdict
  | BlockedVerdict
  | UndecidedVerdict

/** The specification's column `Blocked?`; blank where nothing is decided. */
export function blockedWord({ kind }: Verdict): 'True' | 'False' | '' {
  if (kind === 'undecided') return ''
  return kind === 'blocked' ? 'True' : 'False'
}

/** The specification's column `Expected`; blank for a prompt without a label. */
export function expectedWord(label: Label | undefined): 'allow' | 'block' | '' {
  if (label === undefined) return ''
  return label === 'malicious' ? 'block' : 'allow'
}
