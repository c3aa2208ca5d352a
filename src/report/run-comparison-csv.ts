import type { RunComparison } from '../model/run-comparison.ts'
import { type CsvCell, csvTable } from './csv-table.ts'

const HEADER = [
  'endpoint',
  'overhead_over',
  'concurrency',
  'rate',
  'metric',
  'run',
  'started_at',
  'value',
  'half_width',
  'change_scale',
  'change',
  'change_low',
  'change_high',
  'decided',
  'absent',
]

/** A row for each number of each run. */
export function runComparisonCsv({ runs, numbers }: RunComparison): string {
  const rows = numbers.flatMap(({ endpoint, baseline, level, metric, cells }) =>
    cells.map(({ value, halfWidth, change }, index): CsvCell[] => {
      const interval = change?.interval.value
      return [
        endpoint,
        baseline,
        level.concurrency,
        level.rate,
        metric,
        runs[index]?.name,
        runs[index]?.startedAt,
        rounded(value.value),
        rounded(halfWidth.value),
        change?.scale,
        rounded(change?.delta.value),
        rounded(interval?.low),
        rounded(interval?.high),
        change?.decided,
        value.reason ?? halfWidth.reason ?? change?.interval.reason,
      ]
    }),
  )
  return csvTable(HEADER, rows)
}

function rounded(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Number(value.toFixed(6))
}
