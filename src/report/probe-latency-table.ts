import type { OutcomeLatency } from '../model/probe-analysis.ts'
import { formatEstimate } from './format.ts'
import { markdownTable } from './markdown-table.ts'

/** How long each outcome takes. Ends in a line break; empty where nothing is decided. */
export function probeLatencyTable(rows: readonly OutcomeLatency[]): string {
  if (rows.length === 0) return ''
  const cells = rows.map(({ endpoint, outcome, n, p50, p95 }) => [
    endpoint,
    outcome,
    String(n),
    formatEstimate(p50, 'ms'),
    formatEstimate(p95, 'ms'),
  ])
  const table = markdownTable(['endpoint', 'outcome', 'n', 'p50', 'p95'], cells, 2)
  return `## Latency by outcome\n${table}\n`
}
