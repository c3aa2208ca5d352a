import type { Action, Finding } from '../exchange-record.ts'
import type { Mode } from '../policy.ts'
import { scoreOf } from '../score.ts'

/** More would be a header that some client refuses. */
const MOST_LISTED = 12

/** What an answer says of the analysis: nothing of what was found where nothing was looked for yet. */
export function verdictHeaders(
  mode: Mode,
  verdict: { readonly action: Action; readonly findings: readonly Finding[] } | undefined,
): string[] {
  const headers = ['x-llmtrace-policy-mode', mode]
  if (verdict === undefined) return headers
  headers.push('x-llmtrace-action', verdict.action)
  const score = scoreOf(verdict.findings)
  if (score === undefined) return headers
  headers.push('x-llmtrace-score', String(score))
  const surest = new Map<string, number>()
  for (const { type, confidence } of verdict.findings) {
    surest.set(type, Math.max(surest.get(type) ?? 0, confidence))
  }
  const listed = [...surest]
    .slice(0, MOST_LISTED)
    .map(([type, confidence]) => `${type}:${confidence.toFixed(2)}`)
  headers.push('x-llmtrace-findings', listed.join(','))
  return headers
}
