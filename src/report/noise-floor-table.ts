import { measured } from '../model/estimate.ts'
import type { Overhead, OverheadRow } from '../model/summary.ts'
import { formatDelta, formatFine } from './format.ts'
import { levelCell } from './load-tables.ts'
import { markdownTable } from './markdown-table.ts'

const HEADER = ['level', 'metric', 'A/A delta', 'noise floor', 'detectable']

/**
 * The baseline against itself: the half-width of its interval is the noise floor, the smallest overhead that this
 * set-up can see. Ends in a line break; empty without an A/A arm.
 */
export function noiseFloorTable(overheads: readonly Overhead[]): string {
  const rows = overheads
    .filter(({ control }) => control)
    .flatMap(({ level, rows: metrics }) =>
      metrics
        .filter(({ unit }) => unit === 'ms')
        .map((row) => [
          levelCell(level),
          row.metric,
          formatDelta(row.delta, 'ms'),
          halfWidth(row),
          formatFine(row.detectable, 'ms'),
        ]),
    )
  return rows.length === 0
    ? ''
    : `## Noise Floor (baseline against itself)\n${markdownTable(HEADER, rows)}\n`
}

function halfWidth({ interval }: OverheadRow): string {
  const { value } = interval
  return formatFine(value === undefined ? interval : measured((value.high - value.low) / 2), 'ms')
}
