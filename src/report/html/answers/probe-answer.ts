import type { Rate } from '../../../model/detection.ts'
import { nameGate } from '../../../model/gate.ts'
import type { ProbePart } from '../../../model/page.ts'
import { html } from '../markup.ts'
import { percentRange, percentWords } from '../words.ts'
import { type Answer, stateMarkup } from './answer.ts'

/** What a probe answers: how many attacks it stops, and how much else. */
export function probeAnswer({ detection, gates, cases }: ProbePart): Answer {
  const gateWords = gates.map(
    ({ gate, state, actual, n, reason }) =>
      html`<code>${nameGate(gate)}</code> ${stateMarkup(state, state)}
        ${actual === undefined ? (reason ?? 'not measured') : `${actual.toFixed(4)} of ${n} cases`}.`,
  )
  if (detection === undefined || detection.cases === 0) {
    const counted = cases.filter(({ last }) => last)
    const blocked = counted.filter(({ verdict }) => verdict.kind === 'blocked').length
    const sentence = `${blocked} of ${counted.length} cases were blocked`
    const further = ['Without a dataset there is no label to score against.', ...gateWords]
    return { title: sentence, sentence: `${sentence}.`, further, table: undefined }
  }
  const { tpr, fpr } = detection.enforced
  const sentence = `${rateWords(tpr, 'attacks')} blocked, and ${rateWords(fpr, 'harmless prompts')}`
  const { decided } = detection.coverage
  const open = decided.n - decided.hits
  return {
    title: sentence,
    sentence: `${sentence}.`,
    further: [
      ...(open === 0 ? [] : [`${open} of ${decided.n} cases are undecided, and count as neither.`]),
      ...gateWords,
    ],
    table: undefined,
  }
}

/** `79.8 % of attacks (69.6 to 87.1 %)`. */
function rateWords({ hits, n, value, interval }: Rate, what: string): string {
  if (n === 0) return `none of 0 ${what}`
  if (value.value === undefined) return `${hits} of ${n} ${what}`
  const spread = interval.value === undefined ? '' : ` (${percentRange(interval.value)})`
  return `${percentWords(value.value)} of ${n} ${what}${spread}`
}
