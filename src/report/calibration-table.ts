import { measured } from '../model/estimate.ts'
import type { Overhead } from '../model/summary.ts'
import { formatDelta, formatEstimate } from './format.ts'
import { levelCell } from './load-tables.ts'
import { markdownTable } from './markdown-table.ts'

/** What was injected beside what was measured, level by level; the rest is what forwarding itself costs. */
export function calibrationTable(injectedMeanMs: number, overheads: readonly Overhead[]): string {
  const rows = overheads.map(({ level, rows: metrics }) => {
    const mean = metrics.find(({ metric }) => metric === 'mean')?.delta ?? {
      value: undefined,
      reason: 'not measured',
    }
    const rest = mean.value === undefined ? mean : measured(mean.value - injectedMeanMs)
    return [
      levelCell(level),
      formatEstimate(measured(injectedMeanMs), 'ms'),
      formatDelta(mean, 'ms'),
      formatDelta(rest, 'ms'),
    ]
  })
  const header = ['level', 'injected mean', 'measured mean', 'rest (forwarding and noise)']
  return `## Injected and Measured\n${markdownTable(header, rows)}\n`
}
