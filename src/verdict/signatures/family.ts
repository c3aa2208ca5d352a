import type { Evidence, Stage, UndecidedReason } from '../../model/verdict.ts'
import type { ErrorFacts } from '../error-facts.ts'
import { evidence } from '../evidence.ts'
import type { ReplyView } from '../read-reply.ts'

export type Effect =
  | { readonly kind: 'blocked'; readonly stage: Stage }
  | { readonly kind: 'flagged' }
  | { readonly kind: 'modified' }
  | { readonly kind: 'undecided'; readonly reason: UndecidedReason }

/** What a rule makes of a reply that it knows. */
export interface Claim {
  readonly effect: Effect
  /** At least one. */
  readonly evidence: readonly Evidence[]
}

/**
 * How much a rule's word counts:
 *
 * - `explicit` a type, code, header or text that is there to tell
 * - `finish` the reason for which an answer ended
 * - `canned` an answer that only looks like one: no tokens counted, a text known by heart
 * - `shape` what an answer lacks
 */
export type Strength = 'explicit' | 'finish' | 'canned' | 'shape'

export interface Rule {
  /** `family/what`. */
  readonly id: string
  readonly strength: Strength
  readonly claim: (view: ReplyView) => Claim | undefined
}

/** A product and how it tells. Adding one costs a file like its neighbours, a line in the registry, and fixtures. */
export interface Family {
  readonly name: string
  /** As people call it. */
  readonly title: string
  /** A provider filters for itself: its blocks are none of the proxy's. */
  readonly kind: 'gateway' | 'provider'
  readonly rules: readonly Rule[]
  /** Whether it found something in a reply that it let through; undefined where it does not say. */
  readonly detects?: (view: ReplyView) => boolean | undefined
}

export function rule(
  id: string,
  strength: Strength,
  claim: (view: ReplyView) => Claim | undefined,
): Rule {
  return { id, strength, claim }
}

/** A rule on a reply's errors: the first that `matches` claims. */
export function errorRule(
  id: string,
  stage: Stage | ((error: ErrorFacts, view: ReplyView) => Stage),
  matches: (error: ErrorFacts, view: ReplyView) => Evidence | undefined,
): Rule {
  return rule(id, 'explicit', (view) => {
    for (const error of view.errors) {
      const seen = matches(error, view)
      if (seen !== undefined) {
        return blocked(typeof stage === 'string' ? stage : stage(error, view), seen)
      }
    }
    return undefined
  })
}

/** A rule on the reasons for which an answer ended. */
export function finishRule(id: string, field: string, reasons: readonly string[]): Rule {
  return rule(id, 'finish', ({ answer }) => {
    const found = answer.finishReasons.find((reason) => reasons.includes(reason))
    return found === undefined
      ? undefined
      : blocked('response', evidence('finish-reason', field, found))
  })
}

/** A block, if anything was seen. */
export function blocked(stage: Stage, ...seen: readonly (Evidence | undefined)[]) {
  return claimOf({ kind: 'blocked', stage }, seen)
}

/** A mark, if anything was seen. */
export function flagged(...seen: readonly (Evidence | undefined)[]): Claim | undefined {
  return claimOf({ kind: 'flagged' }, seen)
}

export function claimOf(
  effect: Effect,
  seen: readonly (Evidence | undefined)[],
): Claim | undefined {
  const found = seen.filter((one) => one !== undefined)
  return found.length === 0 ? undefined : { effect, evidence: found }
}

/** The error's type, where it is one of these. */
export function typeOf(error: ErrorFacts, ...types: readonly string[]): Evidence | undefined {
  return types.includes(error.type) ? evidence('field', `${error.at}.type`, error.type) : undefined
}

/** The error's code, where it is one of these. */
export function codeOf(error: ErrorFacts, ...codes: readonly string[]): Evidence | undefined {
  return codes.includes(error.code) ? evidence('field', `${error.at}.code`, error.code) : undefined
}

/** The error's message, where it matches. */
export function messageOf(error: ErrorFacts, pattern: RegExp): Evidence | undefined {
  const [found] = pattern.exec(error.message) ?? []
  return found === undefined ? undefined : evidence('text', `${error.at}.message`, found)
}

/** A header, where its value is one of these. Headers of gateways differ in case. */
export function headerOf(
  { headers }: ReplyView,
  name: string,
  ...values: readonly string[]
): Evidence | undefined {
  const value = headers.get(name)
  return value !== undefined && values.includes(value.trim().toLowerCase())
    ? evidence('header', name, value)
    : undefined
}

/** A header, where it says anything. */
export function headerPresent({ headers }: ReplyView, name: string): Evidence | undefined {
  const value = headers.get(name)?.trim()
  return value ? evidence('header', name, value) : undefined
}

/** A block in the middle of a stream comes after content. */
export function stageByContent({ answer }: ReplyView): Stage {
  return answer.content === '' ? 'request' : 'response'
}
