import { budgetTable } from '../report/budget-table.ts'
import { budgetLine, escapeHtml, fitSummary, MOST_SUMMARY_BYTES } from '../report/job-summary.ts'
import { comparisonTable, levelTitle, statsTable } from '../report/load-tables.ts'
import { printable } from '../report/printable.ts'
import { runReport, storedReport } from '../report/run-report.ts'
import type { RenderRun } from './run-format.ts'
import type { SavedRun } from './saved-run.ts'

const OPENING = '\n<details><summary>All tables</summary>\n\n'
const CLOSING = '\n</details>\n'

/** A page for `$GITHUB_STEP_SUMMARY`: what was judged, the overheads, and the rest folded away. */
export const render: RenderRun = (run) => githubSummary(run, MOST_SUMMARY_BYTES)

/** As the format, in at most `mostBytes`; empty where that is too few. */
export function githubSummary({ facts, result, record }: SavedRun, mostBytes: number): string {
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
  return fitSummary(whole, CLOSING, mostBytes)
}

/** A list, because Markdown would run the lines of failures and warnings together. */
function listed(report: string): string {
  return report.replaceAll(/^(Warning|Not ok): /gm, '- **$1**: ')
}
