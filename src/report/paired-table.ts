import type { Overhead } from '../model/summary.ts'
import { formatDelta, formatInterval } from './format.ts'
import { levelCell } from './load-tables.ts'
import { markdownTable } from './markdown-table.ts'

const HEADER = ['level', 'candidate', 'pairs', 'typical', '95% CI', 'p50', 'p95', 'p99']

/**
 * The same prompt through both: the typical difference (Hodges-Lehmann) and quantiles of differences, which answer
 * another question than the differences of quantiles above. Ends in a line break; empty without pairs.
 */
export function pairedTable(overheads: readonly Overhead[]): string {
  const rows = overheads
    .filter(({ control }) => !control)
    .map(({ level, candidate, paired }) => [
      levelCell(level),
      candidate,
      String(paired.pairs),
      formatDelta(paired.typical, 'ms'),
      formatInterval(paired.interval, 'ms'),
      formatDelta(paired.p50, 'ms'),
      formatDelta(paired.p95, 'ms'),
      formatDelta(paired.p99, 'ms'),
    ])
  if (rows.length === 0) return ''
  return `## Paired Differences (same prompt; quantiles of differences)\n${markdownTable(HEADER, rows)}\n`
}
