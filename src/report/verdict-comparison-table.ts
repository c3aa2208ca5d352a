import type { Flip, VerdictComparison } from '../model/detection.ts'
import { expectedWord } from '../model/verdict.ts'
import { markdownTable } from './markdown-table.ts'

const MOST_FLIPS = 50

/** What changed between two runs of the same cases. Ends in a line break. */
export function verdictComparisonTable(comparison: VerdictComparison): string {
  const { paired, onlyBefore, onlyAfter, fixed, broken, p, flips } = comparison
  const table = markdownTable(
    ['cases in both', 'now right', 'now wrong', 'p (exact McNemar)'],
    [[paired, fixed, broken, p.value === undefined ? 'n/a' : p.value.toFixed(4)].map(String)],
  )
  const left =
    onlyBefore + onlyAfter === 0
      ? ''
      : `\nDecided in one run only, so not compared: ${onlyBefore} before, ${onlyAfter} after.\n`
  return `## Compared with the run before\n${table}\n${left}${flipTable(flips)}`
}

function flipTable(flips: readonly Flip[]): string {
  if (flips.length === 0) return ''
  const rows = flips
    .slice(0, MOST_FLIPS)
    .map(({ caseId, label, before, after, nowRight }) => [
      caseId,
      expectedWord(label),
      before,
      after,
      nowRight ? 'right' : 'wrong',
    ])
  const more = flips.length > MOST_FLIPS ? `\nand ${flips.length - MOST_FLIPS} more.\n` : ''
  return `\n${markdownTable(['case', 'expected', 'before', 'after', 'now'], rows, 5)}\n${more}`
}
