import { saysCacheHit } from '../wire/self-report.ts'
import { textAt } from '../wire/json.ts'
import { type Case, type Finding, finding } from './case.ts'
import { byDifference } from './differential.ts'
import { evidence } from './evidence.ts'
import { endingFault, errorInAnswer, namedFault, statusFault } from './faults.ts'
import { lackOf } from './lacks.ts'
import { matchUserRule } from './match-user-rule.ts'
import type { ReplyView } from './read-reply.ts'
import { blocked, claimOf, type Effect, type Strength } from './signatures/family.ts'
import type { UserRule } from './user-rules.ts'

type Step = (one: Case) => Finding | undefined

/**
 * The first step that finds something decides. Faults stand among the proofs as strong as they are themselves: one
 * that names itself outweighs a user's rule on the status, which a refused token has too; a bare status does not. What
 * the upstream saw is asked twice: here, where no signature is known, and afterwards of every block, for its stage.
 */
export const ORDER_OF_PROOF: readonly Step[] = [
  (one) => claimed(one, 'explicit', 'blocked'),
  (one) => claimed(one, 'explicit', 'undecided'),
  (one) => claimed(one, 'finish', 'blocked'),
  (one) => byUserRule(one, ({ kind }) => kind !== 'status'),
  ({ view }) => finding('fault/named', namedFault(view)),
  (one) => byUserRule(one, ({ kind }) => kind === 'status'),
  ({ reply }) => finding('fault/transport', endingFault(reply.outcome)),
  ({ view }) => finding('fault/status', statusFault(view)),
  ({ view }) => finding('fault/error-in-answer', errorInAnswer(view)),
  byUpstream,
  byKnownAnswer,
  byDifference,
  (one) => claimed(one, 'shape', 'undecided'),
  ({ view }) => finding('answer/lacking', lackOf(view)),
  byChange,
  (one) => claimed(one, 'explicit', 'modified'),
  (one) => claimed(one, 'explicit', 'flagged'),
]

function claimed({ claims }: Case, strength: Strength, kind: Effect['kind']): Finding | undefined {
  const found = claims.find(
    ({ rule, claim }) => rule.strength === strength && claim.effect.kind === kind,
  )
  return (
    found && {
      rule: found.rule.id,
      claim: found.claim,
      by: found.family.kind === 'gateway' ? 'proxy' : 'provider',
    }
  )
}

function byUserRule(
  { rules, view }: Case,
  counts: (rule: UserRule) => boolean,
): Finding | undefined {
  for (const rule of rules.filter((one) => counts(one))) {
    const seen = matchUserRule(rule, view)
    if (seen !== undefined) return finding(`user/${rule.text}`, blocked('request', seen))
  }
  return undefined
}

/**
 * The model never saw the prompt, and no cache answered: whatever came back, the proxy made it. Or it did see it and
 * answered, and a refusal came back: then the proxy kept the answer. Or it refused itself.
 */
function byUpstream(one: Case): Finding | undefined {
  const { upstream, view } = one
  if (upstream === undefined) return undefined
  return upstream.reached ? withheld(upstream.status, view) : notReached(view)
}

function notReached(view: ReplyView): Finding | undefined {
  const { answer, status, text } = view
  if (isCached(view)) return undefined
  if (status < 400 && answer.content.trim() === '') return undefined
  const came = status < 400 ? answer.content : text
  return finding(
    'upstream/not-reached',
    blocked('request', evidence('status', 'status', `${status} ${came}`)),
  )
}

function withheld(answered: number | undefined, { status, text }: ReplyView): Finding | undefined {
  if (status < 400 || answered === undefined) return undefined
  const came = evidence('status', 'status', `${status} ${text}`)
  const behind = evidence('upstream', 'status', answered)
  return answered < 400
    ? finding('upstream/withheld', blocked('response', behind, came))
    : finding(
        'upstream/refused',
        claimOf({ kind: 'undecided', reason: 'refused-without-proxy' }, [behind, came]),
      )
}

function isCached({ headers, objects }: ReplyView): boolean {
  return (
    saysCacheHit(headers) ||
    headers.get('x-vsr-response-path') === 'cache' ||
    objects.some((object) => textAt(object, 'model') === 'from-cache')
  )
}

/** An answer known by heart is no proof where the prompt asked for just these words. */
function byKnownAnswer(one: Case): Finding | undefined {
  const found = claimed(one, 'canned', 'blocked')
  const echoed = found?.claim.evidence.some(
    ({ kind, quote }) =>
      kind === 'text' && one.request.prompt.toLowerCase().includes(quote.toLowerCase()),
  )
  return echoed === true ? undefined : found
}

function byChange({ upstream }: Case): Finding | undefined {
  if (upstream?.reached !== true || upstream.changed !== true) return undefined
  return finding(
    'upstream/changed',
    claimOf({ kind: 'modified' }, [evidence('upstream', 'prompt', 'arrived changed')]),
  )
}
