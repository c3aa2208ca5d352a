import type { Evidence, Stage, Verdict } from '../model/verdict.ts'
import type { Case, DirectReply, Finding, Knowledge } from './case.ts'
import { claimsOf } from './claims.ts'
import { wasAnswered } from './differential.ts'
import { evidence } from './evidence.ts'
import { endingFault } from './faults.ts'
import { ORDER_OF_PROOF } from './order-of-proof.ts'
import { type ReplyView, readReply } from './read-reply.ts'
import { declines } from './refusal.ts'
import type { Reply, RequestFacts } from './reply.ts'
import { FAMILIES } from './signatures/index.ts'

/**
 * What a proxy did with a prompt, from what came back and what else is known of the case. A pure function that never
 * throws, whatever the bytes are. docs/verdicts.md has the order of proof.
 */
export function classify(reply: Reply, request: RequestFacts, known: Knowledge = {}): Verdict {
  const view = readReply(reply)
  if (view === undefined) return withoutResponse(reply)
  const one: Case = {
    reply,
    view,
    request,
    claims: claimsOf(view),
    upstream: known.upstream,
    direct: known.direct && readDirect(known.direct, request, known),
    rules: known.rules ?? [],
  }
  for (const step of ORDER_OF_PROOF) {
    const found = step(one)
    if (found !== undefined) return verdictOf(one, found)
  }
  return {
    kind: 'allowed',
    rule: 'answer/complete',
    evidence: [...upstreamSeen(one), answerSeen(view)],
    modelRefused: declines(view.answer),
    detected: detectedIn(one),
  }
}

/** The proxy's findings as its API tells them, for a verdict that was made without them. */
export function withFindings(verdict: Verdict, found: boolean): Verdict {
  // A block is a finding also where nothing is stored of it.
  return verdict.kind === 'blocked' && verdict.by === 'proxy'
    ? verdict
    : { ...verdict, detected: found }
}

function readDirect(direct: Reply, request: RequestFacts, { rules }: Knowledge): DirectReply {
  return { view: readReply(direct), verdict: classify(direct, request, { rules }) }
}

function withoutResponse({ outcome }: Reply): Verdict {
  const claim = endingFault(outcome)
  const reason = claim?.effect.kind === 'undecided' ? claim.effect.reason : 'transport'
  return {
    kind: 'undecided',
    reason,
    rule: 'fault/transport',
    evidence: claim?.evidence ?? [evidence('transport', 'status', 'none')],
    modelRefused: false,
    detected: undefined,
  }
}

function verdictOf(one: Case, found: Finding): Verdict {
  const { effect } = found.claim
  const grounds = {
    rule: found.rule,
    evidence: [...upstreamSeen(one), ...found.claim.evidence],
    modelRefused: effect.kind !== 'blocked' && isSuccess(one.view) && declines(one.view.answer),
  }
  if (effect.kind !== 'blocked') return { ...grounds, ...effect, detected: detectedIn(one) }
  if (refusedAlike(one, found)) {
    const alike = evidence('differential', 'direct rule', found.rule)
    return {
      ...grounds,
      evidence: [...grounds.evidence, alike],
      kind: 'undecided',
      reason: 'refused-without-proxy',
      detected: detectedIn(one),
    }
  }
  const by = isTheProxys(one, found) ? 'proxy' : 'provider'
  const detected = by === 'proxy' ? true : detectedIn(one)
  return { ...grounds, kind: 'blocked', stage: stageOf(one, effect.stage), by, detected }
}

/** What the upstream saw is the better witness of where a prompt was stopped. */
function stageOf({ upstream }: Case, claimed: Stage): Stage {
  if (upstream === undefined) return claimed
  return upstream.reached ? 'response' : 'request'
}

/** By the same rule without the proxy: then it is whoever is behind it. */
function refusedAlike({ direct, upstream }: Case, { rule }: Finding): boolean {
  return (
    upstream?.reached !== false &&
    direct?.verdict.kind === 'blocked' &&
    direct.verdict.rule === rule
  )
}

/** Proxies block in the words of providers too; then the prompt was answered without them, or never left them. */
function isTheProxys(one: Case, { by }: Finding): boolean {
  return by === 'proxy' || one.upstream?.reached === false || wasAnswered(one)
}

function detectedIn({ claims, view }: Case): boolean | undefined {
  // An answer known by heart is no mark: where it proves something, it has decided.
  const marked = claims.some(
    ({ family, rule, claim: { effect } }) =>
      family.kind === 'gateway' && rule.strength !== 'canned' && effect.kind !== 'undecided',
  )
  if (marked) return true
  return FAMILIES.map(({ detects }) => detects?.(view)).find((told) => told !== undefined)
}

function upstreamSeen({ upstream }: Case): Evidence[] {
  if (upstream === undefined) return []
  return [evidence('upstream', 'request', upstream.reached ? 'arrived' : 'never arrived')]
}

function answerSeen({ answer }: ReplyView): Evidence {
  const { content, refusal, reasoning, finishReasons } = answer
  const said = content || refusal || reasoning || 'tool calls'
  return evidence('answer', 'content', `${said} (${finishReasons.join(', ') || 'no reason'})`)
}

function isSuccess({ status }: ReplyView): boolean {
  return status >= 200 && status < 300
}
