import { type Level, sameLevel } from '../model/level.ts'
import type { Measurement } from '../model/measurement.ts'
import type { Result } from '../model/result.ts'
import type { AnalysisSettings } from '../model/run-record.ts'
import { blockTables } from './block-tables.ts'
import { budgetTable } from './budget-table.ts'
import { failureLines, warningLines } from './doubts.ts'
import { hopTable } from './hop-table.ts'
import { levelTitle, overheadTable, statsTable } from './load-tables.ts'
import { noiseFloorTable } from './noise-floor-table.ts'
import { goodputTable, openLoopTable } from './open-loop-table.ts'
import { pairedTable } from './paired-table.ts'
import { selfReportTable } from './self-report-table.ts'
import { serverUsageTable } from './server-usage-table.ts'
import { significanceTable } from './significance-table.ts'
import { sloText } from './slo-text.ts'
import { streamTables } from './stream-tables.ts'

/** What is printed when a level is done: its results and overheads. Empty with a single endpoint. */
export function levelReport(result: Result, level: Level): string {
  return levelTables(result, level)
    .map((table) => `${table}\n`)
    .join('')
}

function levelTables(result: Result, level: Level): string[] {
  const summaries = result.summaries.filter((one) => sameLevel(one.level, level))
  if (summaries.length < 2) return []
  const overheads = result.overheads.filter((one) => !one.control && sameLevel(one.level, level))
  return [
    statsTable(`Results (${levelTitle(level)})`, summaries),
    ...overheads.map((overhead) => overheadTable(overhead)),
  ]
}

/** What is printed at the end: the table of all, then what goes beyond the specification, then what to doubt. */
export function closingReport(
  result: Result,
  measurements: readonly Measurement[],
  settings: AnalysisSettings,
): string {
  return [
    ...closingTables(result, settings).map((table) => `${table}\n`),
    failureLines(result.summaries, measurements),
    warningLines(result.warnings),
  ].join('')
}

type TableSettings = Pick<AnalysisSettings, 'slo' | 'pValues'>

/** The tables after those of the levels, as Markdown. */
function closingTables(result: Result, settings: TableSettings): string[] {
  const { summaries, overheads } = result
  const single = new Set(summaries.map(({ endpoint }) => endpoint)).size === 1
  const slo = settings.slo === undefined ? '' : sloText(settings.slo)
  const tables = [
    summaries.length === 0 ? '' : statsTable(single ? 'Results' : 'Sweep Results', summaries),
    ...streamTables(result.streams),
    ...blockTables(summaries),
    openLoopTable(summaries),
    goodputTable(summaries, slo),
    pairedTable(overheads),
    noiseFloorTable(overheads),
    selfReportTable(result.selfReports),
    hopTable(result.hops),
    serverUsageTable(result.servers),
    settings.pValues ? significanceTable(result.significance) : '',
    budgetTable(result.budgets),
  ]
  return tables.filter((table) => table !== '')
}

/** All tables of a run in the order in which they are printed, as Markdown, each with its heading and its notes. */
export function runTables(result: Result, settings: TableSettings): string[] {
  return [
    ...levelsOf(result).flatMap((level) => levelTables(result, level)),
    ...closingTables(result, settings),
  ]
}

/** The tables of a result file, which holds their numbers but no samples. */
export function storedReport(result: Result): string {
  const tables = levelsOf(result).map((level) => levelReport(result, level))
  const title = new Set(result.summaries.map(({ endpoint }) => endpoint)).size === 1
  return [
    ...tables,
    `${statsTable(title ? 'Results' : 'Sweep Results', result.summaries)}\n`,
    ...streamTables(result.streams).map((table) => `${table}\n`),
    result.budgets.length === 0 ? '' : `${budgetTable(result.budgets)}\n`,
    ...blockTables(result.summaries).map((table) => `${table}\n`),
    warningLines(result.warnings),
  ].join('')
}

/** A whole run's tables, as a live run prints them level by level. */
export function runReport(
  result: Result,
  measurements: readonly Measurement[],
  settings: AnalysisSettings,
): string {
  return [
    ...levelsOf(result).map((level) => levelReport(result, level)),
    closingReport(result, measurements, settings),
  ].join('')
}

function levelsOf({ summaries }: Result): Level[] {
  return summaries
    .map(({ level }) => level)
    .filter((level, index, all) => all.findIndex((one) => sameLevel(one, level)) === index)
}
