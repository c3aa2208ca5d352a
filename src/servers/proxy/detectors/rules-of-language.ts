import { excerpt, type PieceDetector } from './detector.ts'

/** What the rule files say: overrides, roles, extraction, personas and more. */
export const rulesOfLanguage: PieceDetector = {
  name: 'rules',
  inspect({ text, tokens, role, answer }, rules) {
    // An answer may speak of anything; what it must not hold is for other detectors.
    if (answer) return []
    return rules.scan(tokens, role).map(({ rule, start, end }) => ({
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
