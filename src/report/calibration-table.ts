import { measured, unmeasured } from '../model/estimate.ts'
import type { Overhead } from '../model/summary.ts'
import { formatDelta, formatEstimate, formatInterval } from './format.ts'
import { levelCell } from './load-tables.ts'
import { markdownTable } from './markdown-table.ts'

/** What was injected beside what was measured, level by level; the rest is what forwarding itself costs. */
export function calibrationTable(injectedMeanMs: number, overheads: readonly Overhead[]): string {
  const rows = overheads.map(({ level, rows: metrics }) => {
    const row = metrics.find(({ metric }) => metric === 'mean')
    const mean = row?.delta ?? unmeasured('not measured')
    const rest = mean.value === undefined ? mean : measured(mean.value - injectedMeanMs)
    return [
      levelCell(level),
      formatEstimate(measured(injectedMeanMs), 'ms'),
      formatDelta(mean, 'ms'),
      formatInterval(row?.interval ?? unmeasured('not measured'), 'ms'),
      formatDelta(rest, 'ms'),
    ]
  })
  const header = [
    'level',
    'injected mean',
    'measured mean',
    '95% CI',
    'rest (forwarding and noise)',
  ]
  return `## Injected and Measured\n${markdownTable(header, rows)}\n`
}
