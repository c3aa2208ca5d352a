import type { BudgetVerdict } from '../model/budget.ts'
import { measured, unmeasured } from '../model/estimate.ts'
import { formatFine, formatRange } from './format.ts'
import { levelCell } from './load-tables.ts'
import { markdownTable } from './markdown-table.ts'

const HEADER = ['budget', 'endpoint', 'level', 'measured', '95% CI', 'verdict']

/** Each budget with its verdict, and what would decide the open ones. Ends in a line break; empty without budgets. */
export function budgetTable(verdicts: readonly BudgetVerdict[]): string {
  if (verdicts.length === 0) return ''
  const rows = verdicts.map(({ budget, endpoint, level, value, interval, unit, state }) => [
    budget,
    endpoint,
    levelCell(level),
    formatFine(value === undefined ? unmeasured('') : measured(value), unit),
    formatRange(interval === undefined ? unmeasured('') : measured(interval), unit),
    state,
  ])
  const notes = verdicts.flatMap(({ budget, endpoint, level, reason }) =>
    reason === undefined
      ? []
      : [`${budget} on ${endpoint} at level ${levelCell(level)} is open: ${reason}.\n`],
  )
  return `## Budgets\n${markdownTable(HEADER, rows)}\n${notes.length === 0 ? '' : `\n${notes.join('')}`}`
}
