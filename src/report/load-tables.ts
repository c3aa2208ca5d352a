import type { Overhead, Summary } from '../model/summary.ts'
import { formatDelta, formatEstimate } from './format.ts'
import { markdownTable } from './markdown-table.ts'

const STATS_HEADER = 'endpoint conc req ok err ok_rps mean p50 p95 p99 max'.split(' ')
const LATENCIES = ['mean', 'p50', 'p95', 'p99', 'max'] as const

/** The specification's stats table: one row per endpoint and level. Ends in a line break. */
export function statsTable(title: string, summaries: readonly Summary[]): string {
  const rows = summaries.map(({ endpoint, concurrency, requests, ok, errors, metrics }) => [
    endpoint,
    String(concurrency),
    String(requests),
    String(ok),
    String(errors),
    formatEstimate(metrics.ok_rps, 'rps'),
    ...LATENCIES.map((name) => formatEstimate(metrics[name], 'ms')),
  ])
  return `## ${title}\n${markdownTable(STATS_HEADER, rows)}\n`
}

/** The specification's overhead table. Ends in a line break. */
export function overheadTable({ baseline, candidate, rows }: Overhead): string {
  const cells = rows.map(({ metric, unit, baseline: before, candidate: after, delta }) => [
    metric,
    formatEstimate(before, unit),
    formatEstimate(after, unit),
    formatDelta(delta, unit),
  ])
  const table = markdownTable(['metric', baseline, candidate, 'delta'], cells)
  return `## Estimated Overhead (${candidate} - ${baseline})\n${table}\n`
}
