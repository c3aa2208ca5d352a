import { normaliseCanary } from '../text/canaries.ts'
import type { Signal } from './detector.ts'

/** A planted or secret text of this request's operator that stands in the answer. */
export function canaryLeaks(answer: string, canaries: readonly string[]): Signal[] {
  if (canaries.length === 0) return []
  const plain = answer.toLowerCase()
  const bare = normaliseCanary(answer)
  const leaked = canaries.find(
    (canary) => plain.includes(canary.toLowerCase()) || bare.includes(normaliseCanary(canary)),
  )
  if (leaked === undefined) return []
  return [
    {
      type: 'canary_token_leakage',
      family: 'canary',
      severity: 'Critical',
      confidence: 0.99,
      description: 'a canary of the operator in the answer',
      rule: 'canary/leak',
      evidence: '[canary]',
    },
  ]
}
