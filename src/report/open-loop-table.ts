import type { Estimate } from '../model/estimate.ts'
import type { Summary } from '../model/summary.ts'
import { formatEstimate, formatFine } from './format.ts'
import { levelCell } from './load-tables.ts'
import { markdownTable } from './markdown-table.ts'

const HEADER = [
  'endpoint',
  'rate',
  'ok_rps',
  'service p50',
  'service p95',
  'service p99',
  'lag p50',
  'lag p99',
  'held back',
]

/** What an open loop adds: service times from the sending, our own lag, arrivals held back. Empty in a closed loop. */
export function openLoopTable(summaries: readonly Summary[]): string {
  const rows = summaries.flatMap(({ endpoint, level, metrics, openLoop }) =>
    openLoop === undefined
      ? []
      : [
          [
            endpoint,
            levelCell(level),
            formatEstimate(metrics.ok_rps, 'rps'),
            formatEstimate(openLoop.service.p50, 'ms'),
            formatEstimate(openLoop.service.p95, 'ms'),
            formatEstimate(openLoop.service.p99, 'ms'),
            formatFine(openLoop.lag.p50, 'ms'),
            formatFine(openLoop.lag.p99, 'ms'),
            String(openLoop.heldBack),
          ],
        ],
  )
  return rows.length === 0 ? '' : `## Open Loop\n${markdownTable(HEADER, rows)}\n`
}

/** Throughput within the SLO. Empty where none was set. */
export function goodputTable(summaries: readonly Summary[], slo: string): string {
  const rows = summaries.flatMap(({ endpoint, level, metrics, goodput }) =>
    goodput === undefined
      ? []
      : [
          [
            endpoint,
            levelCell(level),
            formatEstimate(metrics.ok_rps, 'rps'),
            formatEstimate(goodput, 'rps'),
            shareOf(goodput, metrics.ok_rps),
          ],
        ],
  )
  const header = ['endpoint', 'level', 'ok_rps', 'goodput', 'share']
  if (rows.length === 0) return ''
  const blanks = summaries.flatMap(({ endpoint, goodput }) =>
    goodput?.reason === undefined ? [] : [`\n${endpoint}: ${goodput.reason}.\n`],
  )
  return `## Goodput (${slo})\n${markdownTable(header, rows)}\n${[...new Set(blanks)].join('')}`
}

function shareOf(part: Estimate, whole: Estimate): string {
  if (part.value === undefined || !whole.value) return 'n/a'
  return `${((part.value / whole.value) * 100).toFixed(1)}%`
}
