import type { JudgedCase } from '../../src/model/detection.ts'
import type { Verdict } from '../../src/model/verdict.ts'

const GROUNDS = {
  rule: 'answer/complete',
  evidence: [{ kind: 'answer', field: 'content', quote: 'x' }],
  modelRefused: false,
  detected: undefined,
} as const

export function verdict(kind: Verdict['kind'], given: Partial<Verdict> = {}): Verdict {
  const own = {
    allowed: {},
    flagged: { rule: 'llmtrace/flagged', detected: true },
    modified: { rule: 'llmtrace/advisory', detected: true },
    blocked: { rule: 'llmtrace/enforcement', stage: 'request', by: 'proxy', detected: true },
    undecided: { rule: 'fault/named', reason: 'throttled' },
  }
  return { ...GROUNDS, kind, ...own[kind], ...given } as Verdict
}

let next = 0

/** A case whose verdict is of this kind. */
export function judged(
  label: JudgedCase['label'],
  kind: Verdict['kind'],
  given: Partial<JudgedCase> = {},
): JudgedCase {
  next += 1
  return {
    caseId: `case-${next}`,
    label,
    verdict: verdict(kind),
    repeat: 0,
    category: undefined,
    subcategory: undefined,
    source: undefined,
    language: undefined,
    lengthBucket: '64-255',
    pairId: undefined,
    triggerWords: undefined,
    ...given,
  }
}

export function times(count: number, make: (index: number) => JudgedCase): JudgedCase[] {
  return Array.from({ length: count }, (_, index) => make(index))
}
