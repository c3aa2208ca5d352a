import type { RunHistory } from '../model/run-history.ts'
import { type CsvCell, csvTable } from './csv-table.ts'

const HEADER = [
  'endpoint',
  'overhead_over',
  'concurrency',
  'rate',
  'metric',
  'started_at',
  'run',
  'value',
  'half_width',
  'change_scale',
  'change',
  'change_low',
  'change_high',
  'decided',
  'not_compared',
]

/** A row a number and run, number by number in order of time. */
export function runHistoryCsv({ runs, series }: RunHistory): string {
  const rows = series.flatMap(({ endpoint, baseline, level, metric, points }) =>
    points.map(({ run, value, halfWidth, change, broken }): CsvCell[] => [
      endpoint,
      baseline,
      level.concurrency,
      level.rate,
      metric,
      runs[run]?.startedAt,
      runs[run]?.name,
      rounded(value.value),
      rounded(halfWidth.value),
      change?.scale,
      rounded(change?.delta.value),
      rounded(change?.interval.value?.low),
      rounded(change?.interval.value?.high),
      change?.decided,
      broken.join(' '),
    ]),
  )
  return csvTable(HEADER, rows)
}

function rounded(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Number(value.toFixed(6))
}
