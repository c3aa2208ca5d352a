import { type Estimate, measured } from '../model/estimate.ts'
import type { Level } from '../model/level.ts'
import { formatDelta, formatFine } from './format.ts'
import { levelCell } from './load-tables.ts'
import { markdownTable } from './markdown-table.ts'

/** A hop's whole time at a level, as it told the client and as its traces have it: means, ms. */
export interface TracedHop {
  readonly level: Level
  readonly hop: string
  readonly told: Estimate
  readonly answers: number
  readonly traced: Estimate
  readonly traces: number
}

const HEADER = ['level', 'hop', 'server-timing', 'answers', 'traces', 'exchanges', 'difference']

/** Two witnesses of the same time. Ends in a line break; empty where there is nothing to set side by side. */
export function traceTable(hops: readonly TracedHop[]): string {
  if (hops.length === 0) return ''
  const rows = hops.map(({ level, hop, told, answers, traced, traces }) => {
    const both = told.value !== undefined && traced.value !== undefined
    const difference = both ? measured((traced.value ?? 0) - (told.value ?? 0)) : traced
    return [
      levelCell(level),
      hop,
      formatFine(told, 'ms'),
      String(answers),
      formatFine(traced, 'ms'),
      String(traces),
      both ? formatDelta(difference, 'ms') : 'n/a',
    ]
  })
  return `## Traces (means of a hop's whole time)\n${markdownTable(HEADER, rows)}\n`
}
