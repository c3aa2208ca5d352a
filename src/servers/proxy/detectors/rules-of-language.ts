import { isInPlace } from '../text/views.ts'
import { excerpt, type PieceDetector } from './detector.ts'

/** What the rule files say: overrides, roles, extraction, personas and more. */
export const rulesOfLanguage: PieceDetector = {
  name: 'rules',
  inspect({ text, tokens, trigrams, role, chain, answer }, rules) {
    // An answer may speak of anything; what it must not hold is for other detectors.
    if (answer) return []
    const hits = rules
      .scan(tokens, role, trigrams)
      .filter(({ rule }) => !rule.decoded || isHidden(chain))
    return hits.map(({ rule, start, end }) => ({
      type: rule.type,
      family: rule.family,
      severity: rule.severity,
      confidence: isQuoted(text, start, end) ? rule.confidence * QUOTED : rule.confidence,
      description: rule.description,
      rule: rule.id,
      evidence: excerpt(text, start, end),
      at: start,
      weak: rule.weak,
      ...(rule.dampens === undefined ? {} : { dampens: rule.dampens }),
    }))
  },
}

/** Who quotes an instruction may speak of it and not mean it. */
const QUOTED = 0.8
const LONGEST_QUOTATION = 160

/** Whether a match stands in quotation marks, within one line. */
function isQuoted(text: string, start: number, end: number): boolean {
  const before = text.slice(Math.max(0, start - LONGEST_QUOTATION), start)
  const after = text.slice(end, end + LONGEST_QUOTATION)
  return (
    /["“„«][^"“”„«»\n]{0,160}$/.test(before) &&
    /^[^"“”„«»\n]{0,160}["”“»]/.test(after) &&
    oddQuotes(before)
  )
}

/** Two marks before a match are a quotation that has ended. */
function oddQuotes(text: string): boolean {
  const line = text.slice(text.lastIndexOf('\n') + 1)
  const straight = line.match(/"/g)?.length ?? 0
  return straight === 0 || straight % 2 === 1
}

function isHidden(chain: readonly string[]): boolean {
  return chain.length > 0 && !isInPlace(chain)
}
