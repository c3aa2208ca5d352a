import { sameLevel } from '../model/level.ts'
import type { ComparedMetric, MetricName, Overhead, Summary } from '../model/summary.ts'
import { type CsvCell, csvTable } from '../report/csv-table.ts'
import { printable } from '../report/printable.ts'
import type { RenderRun } from './run-format.ts'
import type { SavedRun } from './saved-run.ts'
import { SAMPLE_COLUMNS, sampleRows, samplesOf } from './sample-rows.ts'

/** One row an endpoint and level, or with `--samples` one a request. Units are in the names of the columns. */
export const render: RenderRun = (run, { samples }) =>
  samples ? samplesTable(run) : summaryTable(run)

function samplesTable(run: SavedRun): string {
  const header = SAMPLE_COLUMNS.map(({ name }) => name)
  return csvTable(header, sampleRows(samplesOf(run)))
}

const SUMMARY_COLUMNS = [
  'started_at',
  'model',
  'endpoint',
  'url',
  'concurrency',
  'rate',
  'requests',
  'ok',
  'errors',
  'duration_s',
]

const METRICS = [
  ['ok_rps', 'ok_rps'],
  ['mean', 'mean_ms'],
  ['p50', 'p50_ms'],
  ['p95', 'p95_ms'],
  ['p99', 'p99_ms'],
  ['max', 'max_ms'],
  ['err_rate', 'err_rate'],
] as const satisfies readonly (readonly [MetricName, string])[]

const DELTAS = METRICS.filter(
  (one): one is Exclude<(typeof METRICS)[number], readonly ['max', string]> => one[0] !== 'max',
)

function summaryTable({ result, facts }: SavedRun): string {
  const { summaries, overheads } = result
  const header = [
    ...SUMMARY_COLUMNS,
    ...METRICS.map(([, column]) => column),
    'baseline',
    ...DELTAS.flatMap(([, column]) => [
      `delta_${column}`,
      `delta_${column}_low`,
      `delta_${column}_high`,
    ]),
  ]
  const rows = summaries.map((summary): CsvCell[] => [
    facts.startedAt,
    facts.spec.model === undefined ? undefined : printable(facts.spec.model),
    summary.endpoint,
    summary.url,
    summary.level.concurrency,
    summary.level.rate,
    summary.requests,
    summary.ok,
    summary.errors,
    rounded(summary.durationMs / 1000),
    ...METRICS.map(([metric]) => rounded(summary.metrics[metric].value)),
    ...overheadCells(overheads, summary),
  ])
  return csvTable(header, rows)
}

/** What the endpoint adds to its baseline; empty for the baseline itself. */
function overheadCells(overheads: readonly Overhead[], { endpoint, level }: Summary): CsvCell[] {
  const own = overheads.find(
    (overhead) => overhead.candidate === endpoint && sameLevel(overhead.level, level),
  )
  return [own?.baseline, ...DELTAS.flatMap(([metric]) => deltaCells(own, metric))]
}

function deltaCells(overhead: Overhead | undefined, metric: ComparedMetric): CsvCell[] {
  const row = overhead?.rows.find((one) => one.metric === metric)
  const interval = row?.interval.value
  return [rounded(row?.delta.value), rounded(interval?.low), rounded(interval?.high)]
}

function rounded(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Number(value.toFixed(6))
}
