import { budgetTable } from '../report/budget-table.ts'
import { budgetLine, capLines, MOST_SUMMARY_BYTES } from '../report/job-summary.ts'
import { comparisonTable, levelTitle, statsTable } from '../report/load-tables.ts'
import { printable } from '../report/printable.ts'
import { runReport, storedReport } from '../report/run-report.ts'
import type { RenderRun } from './run-format.ts'

const OPENING = '\n<details><summary>All tables</summary>\n\n'
const CLOSING = '\n</details>\n'

/** A page for `$GITHUB_STEP_SUMMARY`: what was judged, the overheads, and the rest folded away. */
export const render: RenderRun = ({ facts, result, record }) => {
  const { budgets, overheads, summaries } = result
  const told = overheads
    .filter(({ control }) => !control)
    .map((one) => comparisonTable(one, `, ${levelTitle(one.level)}`, []))
  const tables = told.length > 0 ? told : [statsTable('Results', summaries)]
  const head = [
    `# Load test${facts.spec.model === undefined ? '' : ` of ${printable(facts.spec.model)}`}\n`,
    facts.partial ? '**Partial: the run was stopped early.**\n' : '',
    budgetLine(budgets),
    budgetTable(budgets),
    ...tables,
  ]
  const all =
    record === undefined
      ? storedReport(result)
      : runReport(result, record.measurements, record.settings)
  const shown = escapeHtml(head.filter((part) => part !== '').join('\n'))
  const whole = `${shown}${OPENING}${escapeHtml(listed(all))}`
  return capLines(whole, MOST_SUMMARY_BYTES - CLOSING.length) + CLOSING
}

/** A list, because Markdown would run the lines of failures and warnings together. */
function listed(report: string): string {
  return report.replaceAll(/^(Warning|Not ok): /gm, '- **$1**: ')
}

/** Names of others are text and no markup. */
function escapeHtml(text: string): string {
  return text.replaceAll('<', '&lt;')
}
