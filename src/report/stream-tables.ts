import type {
  StreamComparison,
  StreamOverhead,
  StreamResult,
  StreamStatistic,
  StreamSummary,
} from '../model/stream-result.ts'
import { STREAM_STATISTICS } from '../model/stream-result.ts'
import type { OverheadRow } from '../model/summary.ts'
import { formatDelta, formatEstimate, formatFine, formatInterval, formatRatio } from './format.ts'
import { levelCell, levelTitle } from './load-tables.ts'
import { markdownTable } from './markdown-table.ts'
import { integrityTable } from './stream-integrity-table.ts'
import { upstreamCancellationTable } from './upstream-cancellation-table.ts'

/** What a run says of streamed answers, table by table; empty where none were read. */
export function streamTables(streams: StreamResult | undefined): string[] {
  if (streams === undefined) return []
  return [
    throughputTable(streams.summaries),
    figuresTable(streams.summaries),
    ...streams.overheads.filter(({ control }) => !control).map((one) => overheadTable(one)),
    integrityTable(streams.integrity),
    ...(streams.cancellations === undefined
      ? []
      : [upstreamCancellationTable(streams.cancellations)]),
  ]
}

function throughputTable(summaries: readonly StreamSummary[]): string {
  const rows = summaries.map(
    ({ endpoint, level, answers, cancelledAsAsked, outputTokens, outputTokensPerS }) => [
      endpoint,
      levelCell(level),
      String(answers),
      String(cancelledAsAsked),
      outputTokens.value === undefined ? 'n/a' : String(outputTokens.value),
      formatEstimate(outputTokensPerS, 'tps'),
    ],
  )
  const header = ['endpoint', 'conc', 'ok', 'cancelled as asked', 'output tokens', 'tokens/s']
  const notes = summaries
    .filter(({ answers, outputTokens }) => answers > 0 && outputTokens.value === undefined)
    .map(({ endpoint, level, outputTokens }) => {
      return `${endpoint} (${levelTitle(level)}): no tokens, because ${outputTokens.reason}.`
    })
  return table('Streams', header, rows, notes)
}

function figuresTable(summaries: readonly StreamSummary[]): string {
  const rows = summaries.flatMap(({ endpoint, level, figures }) =>
    figures.map(({ metric, unit, count, statistics }) => [
      endpoint,
      levelCell(level),
      metric,
      String(count),
      ...STREAM_STATISTICS.map((name) => formatEstimate(statistics[name], unit)),
    ]),
  )
  const header = ['endpoint', 'conc', 'metric', 'n', ...STREAM_STATISTICS]
  const blanks = summaries.flatMap(({ figures }) =>
    figures.flatMap(({ metric, count, statistics }) =>
      count === 0 ? [`${metric} is blank: ${statistics.mean.reason}.`] : [],
    ),
  )
  return table('Streaming', header, rows, [...new Set(blanks)])
}

function overheadTable({ baseline, candidate, level, comparisons }: StreamOverhead): string {
  const rows = comparisons.flatMap((comparison) => comparisonRows(comparison))
  const header = ['metric', baseline, candidate, 'delta', '95% CI', 'ratio', 'detectable']
  const missing = comparisons
    .flatMap((comparison) => comparison.rows)
    .find(({ delta, interval }) => delta.value !== undefined && interval.value === undefined)
  const notes = missing === undefined ? [] : [`No interval: ${missing.interval.reason}.`]
  const title = `Streaming Overhead (${candidate} - ${baseline}, ${levelTitle(level)})`
  return table(title, header, rows, notes)
}

/** A metric that neither side has is left out: the table of figures says why. */
function comparisonRows({ metric, unit, rows }: StreamComparison): string[][] {
  const measured = rows.filter(
    ({ baseline, candidate }) => baseline.value !== undefined || candidate.value !== undefined,
  )
  return measured.map((row: OverheadRow<StreamStatistic>) => [
    `${metric} ${row.metric}`,
    formatEstimate(row.baseline, unit),
    formatEstimate(row.candidate, unit),
    formatDelta(row.delta, unit),
    formatInterval(row.interval, unit),
    formatRatio(row.ratio, row.ratioInterval),
    formatFine(row.detectable, unit),
  ])
}

function table(
  title: string,
  header: readonly string[],
  rows: readonly (readonly string[])[],
  notes: readonly string[],
): string {
  const below = notes.map((note) => `\n${note}\n`).join('')
  return `## ${title}\n${markdownTable(header, rows)}\n${below}`
}
