import { isInPlace } from '../text/views.ts'
import { excerpt, type PieceDetector } from './detector.ts'

/** What the rule files say: overrides, roles, extraction, personas and more. */
export const rulesOfLanguage: PieceDetector = {
  name: 'rules',
  inspect({ text, tokens, role, chain, answer }, rules) {
    // An answer may speak of anything; what it must not hold is for other detectors.
    if (answer) return []
    const hits = rules.scan(tokens, role).filter(({ rule }) => !rule.decoded || isHidden(chain))
    return hits.map(({ rule, start, end }) => ({
      type: rule.type,
      family: rule.family,
      severity: rule.severity,
      confidence: rule.confidence,
      description: rule.description,
      rule: rule.id,
      evidence: excerpt(text, start, end),
      at: start,
      weak: rule.weak,
      ...(rule.dampens === undefined ? {} : { dampens: rule.dampens }),
    }))
  },
}

function isHidden(chain: readonly string[]): boolean {
  return chain.length > 0 && !isInPlace(chain)
}
