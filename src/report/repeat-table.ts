import type { Repeats } from '../model/detection.ts'
import { expectedWord } from '../model/verdict.ts'
import { rateCell } from './rate-cell.ts'
import { markdownTable } from './markdown-table.ts'

const MOST = 50

/** Which cases came out now so, now so. Empty where no case was sent twice. */
export function repeatTable({ flipped, unstable, alwaysBlocked }: Repeats): string {
  if (flipped.n === 0) return ''
  const share = `${flipped.hits} of ${flipped.n} cases were blocked one time and not another: ${rateCell(flipped)}.`
  const held =
    alwaysBlocked.n === 0
      ? ''
      : ` ${alwaysBlocked.hits} of ${alwaysBlocked.n} attacks were blocked every time: ${rateCell(alwaysBlocked)}.`
  const rows = unstable
    .slice(0, MOST)
    .map(({ caseId, label, ...counts }) => [
      caseId,
      expectedWord(label),
      ...[counts.blocked, counts.allowed, counts.undecided].map(String),
    ])
  const header = ['unstable case', 'expected', 'blocked', 'allowed', 'undecided']
  const table = rows.length === 0 ? '' : `\n${markdownTable(header, rows, 2)}\n`
  const more = unstable.length > MOST ? `\nand ${unstable.length - MOST} more.\n` : ''
  return `## Repeats\n${share}${held}\n${table}${more}`
}
