import { analyseText } from './analyse-text.ts'
import type { Finding } from './exchange-record.ts'
import type { RuleSet } from './rules/rule-set.ts'
import { findingsOf } from './score.ts'
import type { ReadRequest, Segment } from './text/segments.ts'

/** Longer conversations are not looked at as one text: their parts are. */
const MOST_JOINED = 16_384

/** All findings of a request, in steps (see paced.ts). */
export function* analyseRequest(
  { segments, problem }: ReadRequest,
  rules: RuleSet,
): Generator<undefined, Finding[]> {
  const findings: Finding[] = problem === undefined ? [] : [malformed(problem)]
  for (const { location, role, text } of segments) {
    // The operator is not searched for attacks on itself.
    if (role === 'system') continue
    const signals = yield* analyseText({ text, role, answer: false }, rules)
    findings.push(...findingsOf(signals, location))
  }
  const joined = joinedTurns(segments)
  if (joined !== undefined) {
    const signals = yield* analyseText({ text: joined, role: 'user', answer: false }, rules)
    const known = new Set(findings.map(({ rule }) => rule))
    const found = findingsOf(signals, 'request.messages')
    // Only what no message holds by itself, and of that only what is sure.
    findings.push(...found.filter(({ rule, severity }) => severity === 'High' && !known.has(rule)))
  }
  return findings
}

export function malformed(problem: string): Finding {
  return {
    type: 'malformed_request',
    severity: 'High',
    confidence: 0.9,
    description: `a request that cannot be analysed whole: ${problem}`,
    rule: 'request/malformed',
    location: 'request',
    evidence: '',
  }
}

/** What the user said over all turns, where there are several: an attack may come in parts. */
function joinedTurns(segments: readonly Segment[]): string | undefined {
  const spoken = segments.filter(({ role }) => role === 'user')
  if (spoken.length < 2) return undefined
  const joined = spoken.map(({ text }) => text).join(' ')
  return joined.length > MOST_JOINED ? undefined : joined
}
