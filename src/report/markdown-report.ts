import type { Result } from '../model/result.ts'
import type { RunRecord } from '../model/run-record.ts'
import { markdownTable } from './markdown-table.ts'
import { levelCell } from './load-tables.ts'
import { printable } from './printable.ts'
import { roundsText } from './rounds-text.ts'
import { runReport } from './run-report.ts'

/** A run as a Markdown page: what was run, the tables, what to doubt. */
export function markdownReport(record: RunRecord, result: Result): string {
  const { plan, spec, measurements, settings } = record
  const facts = [
    ...plan.endpoints.map(({ name, url }) => [name, url]),
    ['model', spec.model],
    ['started', record.startedAt],
    ['requests', `${plan.requests} per endpoint and level`],
    ['levels', plan.levels.map((level) => levelCell(level)).join(', ')],
    [
      'tool',
      `${record.tool.name} ${record.tool.version}, ${record.client} client${workersOf(record)}, node ${record.node}`,
    ],
  ]
  const partial = record.partial ? '\n**Partial: the run was stopped early.**\n' : ''
  const order = plan.endpoints.length > 1 ? `\n${roundsText(plan)}\n` : ''
  // A list, because Markdown would run the lines of failures and warnings together.
  const body = runReport(result, measurements, settings).replaceAll(
    /^(Warning|Not ok): /gm,
    '- **$1**: ',
  )
  return `# Load test of ${printable(spec.model)}\n\n${markdownTable(['what', 'value'], facts)}\n${order}${partial}\n${body}`
}

function workersOf({ clientWorkers }: RunRecord): string {
  return clientWorkers === undefined ? '' : ` in ${clientWorkers} threads`
}
