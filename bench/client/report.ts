import { markdownTable } from '../../src/report/markdown-table.ts'
import type { BiasRow, Quantiles } from './bias.ts'
import type { Figures, Goal } from './goals.ts'
import type { Memory } from './memory.ts'
import type { ThroughputRow } from './throughput.ts'

const NAMES: Readonly<Record<string, string>> = {
  dispatch: 'undici Pool.dispatch, bare',
  undici: 'ours, undici',
  lean: 'ours, lean',
}

/** All figures as Markdown tables, the goals last. */
export function printFigures(figures: Figures, goals: readonly Goal[]): string {
  const { help } = figures
  return [
    '## Throughput, zero-delay upstream',
    throughputTable(figures.throughput),
    "## E2E latency beyond the server's own clock, ms at p50 / p95 / p99",
    biasTable(figures.bias),
    '## Resident memory of a run',
    memoryTable(figures.memory),
    '## Start',
    `\`--help\` ${help.helpMs.toFixed(0)} ms, \`node -e 0\` ${help.nodeMs.toFixed(0)} ms`,
    '## Goals',
    goalTable(goals),
    '',
  ].join('\n\n')
}

function throughputTable(rows: readonly ThroughputRow[]): string {
  return markdownTable(
    ['client', 'in flight', 'requests/s', 'of wrk', 'of autocannon', 'CPU us/request'],
    rows.map((row) => [
      NAMES[row.client] ?? row.client,
      String(row.inFlight),
      String(Math.round(row.rps)),
      row.toWrk?.toFixed(2) ?? 'n/a',
      row.toAutocannon?.toFixed(2) ?? 'n/a',
      row.cpuUsPerRequest.toFixed(1),
    ]),
  )
}

function biasTable(rows: readonly BiasRow[]): string {
  return markdownTable(
    [
      'client',
      'server',
      'in flight',
      'server time',
      'difference of quantiles',
      'quantiles of differences',
    ],
    rows.map((row) => [
      NAMES[row.client] ?? row.client,
      row.server,
      String(row.inFlight),
      quantiles(row.serverMs),
      quantiles(row.differenceOfQuantilesMs),
      row.quantilesOfDifferencesMs === undefined ? 'n/a' : quantiles(row.quantilesOfDifferencesMs),
    ]),
  )
}

function quantiles(values: Quantiles): string {
  return values.map((ms) => ms?.toFixed(2) ?? 'n/a').join(' / ')
}

function memoryTable({ requests, at, peakMb }: Memory): string {
  return markdownTable(
    ['requests', ...at.map(({ share }) => `at ${share * 100} %`), 'peak'],
    [[String(requests), ...[...at.map(({ mb }) => mb), peakMb].map((mb) => `${mb.toFixed(0)} MB`)]],
  )
}

function goalTable(goals: readonly Goal[]): string {
  return markdownTable(
    ['goal', 'wanted', 'measured', ''],
    goals.map(({ name, wanted, measured, reached }) => [
      name,
      wanted,
      measured,
      reached === undefined ? 'not measured' : reached ? 'reached' : 'not reached',
    ]),
  )
}
