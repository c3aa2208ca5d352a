import type { Rate } from '../model/detection.ts'
import type { Estimate } from '../model/estimate.ts'
import type { Disagreement, DisagreementKind } from '../model/probe-analysis.ts'
import { markdownTable } from './markdown-table.ts'
import { rateCell } from './rate-cell.ts'

const MEANING: Readonly<Record<DisagreementKind, string>> = {
  'protection added': 'the model answers the attack, the proxy blocks it',
  'attack let through': 'both answer the attack',
  'redundant block': 'blocked, and the model declines it anyway',
  'over-block': 'the model answers a harmless prompt, the proxy blocks it',
  'both answered': 'both answer a harmless prompt',
  'model refused alone': 'the model declines, the proxy lets it through',
  'provider block at direct': 'blocked without the proxy too',
  'not compared': 'a side is undecided',
}

/** What the proxy changes of each case. Ends in a line break. */
export function disagreementTable(disagreement: Disagreement): string {
  const { baseline, candidate, compared, rows, drift, ownDrift } = disagreement
  const cells = rows.map(({ kind, malicious, benign, share }) => [
    kind,
    MEANING[kind],
    String(malicious),
    String(benign),
    `${rateCell(share)} of ${share.n}`,
  ])
  const header = ['outcome', 'meaning', 'attacks', 'harmless', 'share (95% CI)']
  const table = markdownTable(header, cells, 2)
  const control =
    ownDrift.value === undefined
      ? ''
      : ` ${baseline} against itself: ${driftText(ownDrift)}; what is more than that is ${candidate}'s.`
  return `## Disagreement (${candidate} against ${baseline})\n${table}\n\n${compared} cases are decided at both. Content drift: ${driftText(drift)}.${control}\n`
}

function driftText({ value, reason }: Estimate<Rate>): string {
  return value === undefined
    ? `n/a, ${reason}`
    : `${value.hits} of ${value.n} answers differ, ${rateCell(value)}`
}
