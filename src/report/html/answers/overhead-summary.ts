import type { RunPart } from '../../../model/page.ts'
import type { Overhead } from '../../../model/summary.ts'
import type { Html, Printable } from '../markup.ts'
import { tableMarkup } from '../tables.ts'
import { deltaWords, intervalWords, levelWords, msWords, readingOf } from '../words.ts'
import { type Compared, comparedRow } from './overhead-sentence.ts'

/** A row for each level and candidate, small enough for the first screen; what matters most in the first columns. */
export function overheadSummary(
  { primaryMetric }: RunPart,
  overheads: readonly Overhead[],
): Html | undefined {
  const compared = overheads.flatMap((one) => comparedRow(one, primaryMetric) ?? [])
  const [first] = compared
  if (first === undefined) return undefined
  const { baseline, candidate } = first.overhead
  const metrics = new Set(compared.map(({ row }) => row.metric))
  const [metric] = metrics
  const columns: readonly Column[] = [
    ['load', ({ overhead }) => levelWords(overhead.level)],
    ...optionalColumn('candidate', severalNames(overheads), ({ overhead }) => overhead.candidate),
    ...optionalColumn('figure', metrics.size > 1, ({ row }) => row.metric),
    ['added', addedCell],
    [
      '95 % interval',
      ({ row }) => (row.interval.value === undefined ? 'none' : intervalWords(row.interval.value)),
    ],
    ['reads as', ({ row }) => readingOf(row)],
    [baseline, ({ row }) => latencyWords(row.baseline.value)],
    [
      severalNames(overheads) ? 'candidate' : candidate,
      ({ row }) => latencyWords(row.candidate.value),
    ],
    [
      'ratio',
      ({ row }) => (row.ratio.value === undefined ? 'n/a' : `${row.ratio.value.toFixed(2)} ×`),
    ],
  ]
  return tableMarkup({
    caption: `Added to ${metrics.size > 1 ? 'latency' : metric}, against ${baseline}`,
    header: columns.map(([header]) => header),
    rows: compared.map((one) => columns.map(([, cell]) => cell(one))),
    left: columns.findIndex(([header]) => header === 'added'),
  })
}

type Column = readonly [header: string, cell: (compared: Compared) => Printable]

function optionalColumn(header: string, needed: boolean, cell: Column[1]): Column[] {
  return needed ? [[header, cell]] : []
}

function severalNames(overheads: readonly Overhead[]): boolean {
  return new Set(overheads.map(({ candidate }) => candidate)).size > 1
}

function addedCell({ row }: Compared): string {
  const { value: interval } = row.interval
  const delta = row.delta.value ?? 0
  return deltaWords(delta, interval === undefined ? delta : (interval.high - interval.low) / 2)
}

function latencyWords(value: number | undefined): string {
  return value === undefined ? 'n/a' : msWords(value)
}
