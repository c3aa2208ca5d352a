import { analyseText, type SeenSignal } from './analyse-text.ts'
import { canaryLeaks } from './detectors/canary.ts'
import type { Finding } from './exchange-record.ts'
import type { RuleSet } from './rules/rule-set.ts'
import { findingsOf } from './score.ts'
import { viewsOf } from './text/views.ts'

/** All findings of an answer's texts, encoded ones too, in steps (see paced.ts). */
export function* analyseAnswer(
  texts: readonly string[],
  canaries: readonly string[],
  rules: RuleSet,
): Generator<undefined, Finding[]> {
  const findings: Finding[] = []
  for (const text of texts) {
    const signals: SeenSignal[] = yield* analyseText(
      { text, role: 'assistant', answer: true },
      rules,
    )
    if (canaries.length > 0) {
      for (const view of viewsOf(text)) {
        for (const signal of canaryLeaks(view.text, canaries))
          signals.push({ ...signal, chain: view.chain })
        yield
      }
    }
    findings.push(...findingsOf(signals, 'response'))
  }
  return findings
}
