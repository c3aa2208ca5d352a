import type { UpstreamCancellations } from '../model/stream-result.ts'
import { formatFine } from './format.ts'
import { levelCell } from './load-tables.ts'
import { markdownTable } from './markdown-table.ts'

/** Whether the server behind the proxy heard of our cancellations, and how late. Ends in a line break. */
export function upstreamCancellationTable(all: readonly UpstreamCancellations[]): string {
  const rows = all.map(({ endpoint, level, cancelled, stopped, p50, p95, max }) => [
    endpoint,
    levelCell(level),
    String(cancelled),
    stopped.value === undefined ? 'n/a' : `${stopped.value.count}/${stopped.value.of}`,
    formatFine(p50, 'ms'),
    formatFine(p95, 'ms'),
    formatFine(max, 'ms'),
  ])
  const reasons = all.flatMap(({ endpoint, max }) =>
    max.reason === undefined ? [] : [`${endpoint}: ${max.reason}.`],
  )
  const header = [
    'endpoint',
    'conc',
    'cancelled',
    'stopped upstream',
    'late p50',
    'late p95',
    'max',
  ]
  const notes = [...new Set(reasons)].map((note) => `\n${note}\n`).join('')
  return `## Cancelled Upstream\n${markdownTable(header, rows)}\n${notes}`
}
