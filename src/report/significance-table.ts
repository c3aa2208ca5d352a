import type { Estimate } from '../model/estimate.ts'
import type { Significance } from '../model/result.ts'
import { levelCell } from './load-tables.ts'
import { markdownTable } from './markdown-table.ts'

const HEADER = ['level', 'candidate', 'metric', 'p', 'p (Holm)']

/** Whether the primary metric differs, level by level. Ends in a line break; empty without comparisons. */
export function significanceTable(significance: readonly Significance[]): string {
  if (significance.length === 0) return ''
  const rows = significance.map(({ level, candidate, metric, p, adjusted }) => [
    levelCell(level),
    candidate,
    metric,
    formatP(p),
    formatP(adjusted),
  ])
  return `## Significance (exact sign-flip over rounds)\n${markdownTable(HEADER, rows)}\n`
}

function formatP({ value, reason }: Estimate): string {
  return value === undefined ? `n/a (${reason})` : value.toFixed(4)
}
