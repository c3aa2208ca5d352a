import type { Level } from '../model/level.ts'
import type { Comparison, Overhead, OverheadRow, Summary } from '../model/summary.ts'
import { formatDelta, formatEstimate, formatFine, formatInterval, formatRatio } from './format.ts'
import { markdownTable } from './markdown-table.ts'

const STATS_HEADER = 'endpoint conc req ok err ok_rps mean p50 p95 p99 max'.split(' ')
const LATENCIES = ['mean', 'p50', 'p95', 'p99', 'max'] as const

/** The specification's stats table: one row per endpoint and level. Ends in a line break. */
export function statsTable(title: string, summaries: readonly Summary[]): string {
  const rows = summaries.map(({ endpoint, level, requests, ok, errors, metrics }) => [
    endpoint,
    levelCell(level),
    String(requests),
    String(ok),
    String(errors),
    formatEstimate(metrics.ok_rps, 'rps'),
    ...LATENCIES.map((name) => formatEstimate(metrics[name], 'ms')),
  ])
  return `## ${title}\n${markdownTable(STATS_HEADER, rows)}\n`
}

/** `concurrency=5`, or `rate=20`, as table titles have it. */
export function levelTitle({ concurrency, rate }: Level): string {
  return rate === undefined ? `concurrency=${concurrency}` : `rate=${rate}`
}

/** The level in a column: `5`, or `20/s`. */
export function levelCell({ concurrency, rate }: Level): string {
  return rate === undefined ? String(concurrency) : `${rate}/s`
}

/** The specification's overhead table, its four columns first, and what to know of it below. Ends in a line break. */
export function overheadTable(overhead: Overhead): string {
  const { pairsBlocked, pairsLeftOut, paired } = overhead
  const notes = [
    ...(pairsLeftOut === 0
      ? []
      : [`${pairsLeftOut} pairs are left out of the latencies because a side was not ok.`]),
    ...(pairsBlocked === 0
      ? []
      : [
          `${pairsBlocked} pairs are left out because a side was blocked: the latencies are of the ${paired.pairs} prompts that both sides answered, and ok_rps and err_rate do not count blocks.`,
        ]),
  ]
  return comparisonTable(overhead, '', notes)
}

/** The same of any rounds; `part` follows the title, as ` of rows 1 to 40` does. Ends in a line break. */
export function comparisonTable(
  comparison: Comparison,
  part: string,
  furtherNotes: readonly string[],
): string {
  const { baseline, candidate, rows } = comparison
  const cells = rows.map((row) => [
    row.metric,
    formatEstimate(row.baseline, row.unit),
    formatEstimate(row.candidate, row.unit),
    formatDelta(row.delta, row.unit),
    formatInterval(row.interval, row.unit),
    formatRatio(row.ratio, row.ratioInterval),
    formatFine(row.detectable, row.unit),
  ])
  const header = ['metric', baseline, candidate, 'delta', '95% CI', 'ratio', 'detectable']
  const table = markdownTable(header, cells)
  const notes = [...comparisonNotes(rows), ...furtherNotes].map((note) => `\n${note}\n`)
  return `## Estimated Overhead (${candidate} - ${baseline})${part}\n${table}\n${notes.join('')}`
}

function comparisonNotes(rows: readonly OverheadRow[]): string[] {
  const mean = rows.find(({ metric }) => metric === 'mean')
  const missing =
    mean?.delta.value !== undefined && mean.interval.reason !== undefined
      ? [`No interval: ${mean.interval.reason}.`]
      : []
  const unseen = rows.filter((row) => isUnseen(row))
  const limits = unseen.map(
    ({ metric, unit, detectable }) => `${metric} (${formatFine(detectable, unit)})`,
  )
  return [
    ...missing,
    ...(limits.length === 0
      ? []
      : [
          `Below the detection limit of this run, so neither shown nor excluded: ${limits.join(', ')}.`,
        ]),
  ]
}

/** A latency difference whose interval holds 0. */
function isUnseen({ unit, interval, detectable }: OverheadRow): boolean {
  if (unit !== 'ms' || interval.value === undefined || detectable.value === undefined) return false
  return interval.value.low <= 0 && interval.value.high >= 0
}
