import type { ReplyView } from './read-reply.ts'
import { FAMILIES } from './signatures/index.ts'
import type { Claim, Family, Rule } from './signatures/family.ts'

/** A rule that knows a reply, and what it makes of it. */
export interface RuleClaim {
  readonly family: Family
  readonly rule: Rule
  readonly claim: Claim
}

/** Every rule that knows the reply, in the order of the registry. */
export function claimsOf(view: ReplyView): readonly RuleClaim[] {
  return FAMILIES.flatMap((family) =>
    family.rules.flatMap((rule) => {
      const claim = rule.claim(view)
      return claim === undefined ? [] : [{ family, rule, claim }]
    }),
  )
}
