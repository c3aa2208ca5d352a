import { measured } from '../model/estimate.ts'
import type { Regime, RegimeChange, Replay } from '../model/replay.ts'
import type { PairedDifference } from '../model/summary.ts'
import { formatDelta, formatInterval } from './format.ts'
import { comparisonTable } from './load-tables.ts'
import { markdownTable } from './markdown-table.ts'

/** The report of pairs measured elsewhere: one comparison, or one a regime and no pooled number. */
export function replayReport(file: string, replay: Replay): string {
  const { pairs, leftOut, regimes } = replay
  const without = leftOut === 0 ? '' : `; left out because a side is empty: ${leftOut}`
  const parts = regimes.length === 1 ? oneRegime(replay) : severalRegimes(replay)
  const head = `Pairs: ${pairs} from ${file}, in order of measurement${without}\n`
  return `${head}\n${parts.join('\n')}`
}

function oneRegime({ pooled, changes, blockLength }: Replay): string[] {
  const searched =
    changes.value === undefined
      ? `Change of regime: n/a: ${changes.reason}.`
      : `No change of regime found: one level explains the differences (Pettitt's test, and permuting blocks of ${blockLength} pairs).`
  return [
    comparisonTable(pooled, '', [roundsNote(pooled.rounds)]),
    pairedRegimes([['all rows', pooled.paired]]),
    `${searched}\n`,
  ]
}

function severalRegimes({ pooled, changes, blockLength, regimes }: Replay): string[] {
  const reason = pooled.rows[0]?.delta.reason
  return [
    changesTable(changes.value ?? [], blockLength),
    comparisonTable(pooled, ', all rows', [
      `A pooled mean over several regimes is no number, so n/a: ${reason}. Take the regime in question, or measure again with the sides in turn.`,
    ]),
    ...regimes.map((regime) =>
      comparisonTable(regime.comparison, `, ${rowsText(regime)}`, [
        roundsNote(regime.comparison.rounds),
      ]),
    ),
    pairedRegimes([
      ['all rows', pooled.paired],
      ...regimes.map((regime) => [rowsText(regime), regime.comparison.paired] as const),
    ]),
  ]
}

function roundsNote(rounds: number): string {
  return `Intervals are over ${rounds} blocks of consecutive pairs.`
}

function rowsText({ firstRow, lastRow }: Regime): string {
  return `rows ${firstRow} to ${lastRow}`
}

const CHANGES_HEADER = ['from row', 'median before', 'median after', 'shift', 'p']

function changesTable(changes: readonly RegimeChange[], blockLength: number): string {
  const rows = changes.map(({ row, medianBefore, medianAfter, p }) => [
    String(row),
    formatDelta(measured(medianBefore), 'ms'),
    formatDelta(measured(medianAfter), 'ms'),
    formatDelta(measured(medianAfter - medianBefore), 'ms'),
    p.toFixed(4),
  ])
  const table = markdownTable(CHANGES_HEADER, rows)
  return `## Changes of Regime (differences of pairs, in order)\n${table}\n\np is the larger of Pettitt's and that of permuting blocks of ${blockLength} pairs, between the changes before and after; 0.0001 is the least it can be.\n`
}

const PAIRED_HEADER = ['rows', 'pairs', 'typical', '95% CI', 'p50', 'p95', 'p99']

function pairedRegimes(parts: readonly (readonly [rows: string, PairedDifference])[]): string {
  const rows = parts.map(([name, { pairs, typical, interval, p50, p95, p99 }]) => [
    name,
    String(pairs),
    formatDelta(typical, 'ms'),
    formatInterval(interval, 'ms'),
    formatDelta(p50, 'ms'),
    formatDelta(p95, 'ms'),
    formatDelta(p99, 'ms'),
  ])
  return `## Paired Differences (same row; quantiles of differences)\n${markdownTable(PAIRED_HEADER, rows)}\n`
}
