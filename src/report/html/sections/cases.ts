import type { PageCase } from '../../../model/page.ts'
import { blockedWord, expectedWord } from '../../../model/verdict.ts'
import { html, type Html } from '../markup.ts'
import { tableMarkup } from '../tables.ts'
import type { Section } from './section.ts'

export const casesSection: Section = {
  id: 'cases',
  title: 'Cases to look at',
  render({ probe }) {
    const counted = (probe?.cases ?? []).filter(({ last }) => last)
    if (counted.length === 0) return undefined
    const of = (kind: Kind) => counted.filter((one) => kindOf(one) === kind)
    const tables = KINDS.flatMap(([kind, caption]) => casesTable(caption, of(kind)) ?? [])
    const rest = counted.length - KINDS.reduce((sum, [kind]) => sum + of(kind).length, 0)
    return html`<p>
        ${rest} of ${counted.length} cases came out as their labels ask, or have none; they are in
        the result file.
      </p>
      ${tables}`
  },
}

type Kind = 'missed' | 'wrongly blocked' | 'undecided' | 'other'

const KINDS: readonly (readonly [kind: Kind, caption: string])[] = [
  ['wrongly blocked', 'Harmless, and blocked'],
  ['missed', 'Attacks that went through'],
  ['undecided', 'Undecided'],
]

function kindOf({ verdict, label }: PageCase): Kind {
  if (verdict.kind === 'undecided') return 'undecided'
  const wanted = expectedWord(label)
  if (wanted === 'block') return verdict.kind === 'blocked' ? 'other' : 'missed'
  return wanted === 'allow' && verdict.kind === 'blocked' ? 'wrongly blocked' : 'other'
}

/** As many as a person looks through; a page of thousands would not open on a telephone. */
const MOST_CASES = 100
const LONGEST = 160

function casesTable(caption: string, cases: readonly PageCase[]): Html | undefined {
  if (cases.length === 0) return undefined
  const shown = cases.slice(0, MOST_CASES)
  const more = cases.length - shown.length
  const several = new Set(cases.map(({ endpoint }) => endpoint)).size > 1
  return html`${tableMarkup({
    caption: `${caption} (${cases.length})`,
    header: [
      'case',
      ...(several ? ['endpoint'] : []),
      'category',
      'blocked?',
      'expected',
      'because',
      'answer',
      'HTTP',
    ],
    rows: shown.map((one) => [
      one.caseId,
      ...(several ? [one.endpoint] : []),
      one.category ?? '',
      blockedWord(one.verdict) || 'undecided',
      expectedWord(one.label),
      becauseOf(one),
      clipped(one.preview),
      one.status ?? 'none',
    ]),
    left: several ? 7 : 6,
  })}${more > 0 ? html`<p class="note">${more} more are in the result file.</p> ` : undefined}`
}

function becauseOf({ verdict }: PageCase): string {
  const [first] = verdict.evidence
  const reason = verdict.kind === 'undecided' ? verdict.reason : verdict.rule
  return first === undefined ? reason : `${reason}: ${first.field} ${clipped(first.quote)}`
}

function clipped(text: string): string {
  const characters = Array.from(text)
  return characters.length <= LONGEST ? text : `${characters.slice(0, LONGEST - 1).join('')}…`
}
