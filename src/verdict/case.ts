import type { UpstreamEvidence } from '../model/upstream-evidence.ts'
import type { BlockedVerdict, Verdict } from '../model/verdict.ts'
import type { RuleClaim } from './claims.ts'
import type { ReplyView } from './read-reply.ts'
import type { Reply, RequestFacts } from './reply.ts'
import type { Claim } from './signatures/family.ts'
import type { UserRule } from './user-rules.ts'

/** What is known of a case besides the reply. */
export interface Knowledge {
  readonly upstream?: UpstreamEvidence | undefined
  /** The same prompt's reply from the endpoint without the proxy. */
  readonly direct?: Reply | undefined
  readonly rules?: readonly UserRule[] | undefined
}

/** The reply of the endpoint without the proxy, read and judged. */
export interface DirectReply {
  readonly view: ReplyView | undefined
  readonly verdict: Verdict
}

/** Everything that the order of proof looks at. */
export interface Case {
  readonly reply: Reply
  readonly view: ReplyView
  readonly request: RequestFacts
  readonly claims: readonly RuleClaim[]
  readonly upstream: UpstreamEvidence | undefined
  readonly direct: DirectReply | undefined
  readonly rules: readonly UserRule[]
}

/** What a step of the proof found. */
export interface Finding {
  readonly rule: string
  readonly claim: Claim
  readonly by: BlockedVerdict['by']
}

/** A finding that is no product's own word. */
export function finding(rule: string, claim: Claim | undefined): Finding | undefined {
  return claim && { rule, claim, by: 'proxy' }
}
