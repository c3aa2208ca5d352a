import { measured, unmeasured } from '../model/estimate.ts'
import type { SelfReport } from '../model/result.ts'
import { formatDelta, formatFine } from './format.ts'
import { levelCell } from './load-tables.ts'
import { markdownTable } from './markdown-table.ts'

const HEADER = ['level', 'candidate', 'header', 'told', 'on answers', 'observed', 'residual']

/** What proxies say of their own latency, beside what was seen. Ends in a line break; empty where none says anything. */
export function selfReportTable(reports: readonly SelfReport[]): string {
  if (reports.length === 0) return ''
  const rows = reports.map(({ level, candidate, source, toldMs, presence, observedMs }) => {
    const { value } = observedMs
    const residual = value === undefined ? unmeasured('') : measured(value - toldMs)
    return [
      levelCell(level),
      candidate,
      source,
      formatFine(measured(toldMs), 'ms'),
      `${(presence * 100).toFixed(0)}%`,
      formatDelta(observedMs, 'ms'),
      formatDelta(residual, 'ms'),
    ]
  })
  return `## Self-Reported Overhead (means)\n${markdownTable(HEADER, rows)}\n`
}
