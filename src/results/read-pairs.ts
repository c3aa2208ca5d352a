import { readFile } from 'node:fs/promises'
import type { Side, TimeUnit } from '../model/pair-source.ts'
import type { PairedLatencies } from '../model/replay.ts'
import { chooseColumns, type ColumnChoice } from './pair-columns.ts'
import { badPairs, type PairTable } from './pair-table.ts'
import { readCsvTable } from './pair-table-csv.ts'
import { readJsonTable } from './pair-table-json.ts'

const MOST_PROBLEMS = 10

const MS_PER_UNIT: Readonly<Record<TimeUnit, number>> = { s: 1000, ms: 1, us: 0.001 }

/** Reads paired latencies from JSON, CSV or TSV; which of them the content tells. Throws UsageError. */
export async function readPairs(file: string, choice: ColumnChoice): Promise<PairsFile> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw badPairs(file, `cannot be read (${code}); check the path`)
  })
  return parsePairs(file, text, choice)
}

export interface PairsFile {
  readonly pairs: PairedLatencies
  /** The column of each side. */
  readonly columns: Readonly<Record<Side, string>>
}

/** As `readPairs`, of a file's text. */
export function parsePairs(file: string, content: string, choice: ColumnChoice): PairsFile {
  const text = content.replace(/^\uFEFF/, '')
  const table = /^\s*[[{]/.test(text) ? readJsonTable(file, text) : readCsvTable(file, text)
  if (table.length === 0) throw badPairs(file, 'holds no rows; give a file with at least one pair')
  const columns = chooseColumns(file, table, choice)
  const pairs = readRows(file, table, { columns, msPerUnit: MS_PER_UNIT[choice.unit] })
  return { pairs, columns }
}

interface Reading {
  readonly columns: Readonly<Record<Side, string>>
  readonly msPerUnit: number
}

function readRows(
  file: string,
  table: PairTable,
  { columns, msPerUnit }: Reading,
): PairedLatencies {
  const baseline: number[] = []
  const candidate: number[] = []
  const rows: number[] = []
  const problems: string[] = []
  for (let row = 0; row < table.length; row += 1) {
    const direct = readLatency(table, row, columns.direct)
    const proxy = readLatency(table, row, columns.proxy)
    const problem = table.problem(row) ?? direct.problem ?? proxy.problem
    if (problem !== undefined) problems.push(`${table.where(row)} ${problem}`)
    else if (direct.value !== undefined && proxy.value !== undefined) {
      baseline.push(direct.value * msPerUnit)
      candidate.push(proxy.value * msPerUnit)
      rows.push(row + 1)
    }
  }
  if (problems.length > 0) throw badRows(file, problems, table.length)
  if (rows.length === 0) {
    throw badPairs(
      file,
      `holds no pair: each of its ${table.length} rows lacks ${columns.direct} or ${columns.proxy}`,
    )
  }
  return {
    baseline: Float64Array.from(baseline),
    candidate: Float64Array.from(candidate),
    rows: Uint32Array.from(rows),
    leftOut: table.length - rows.length,
  }
}

interface ReadLatency {
  /** Undefined where the cell is empty. */
  readonly value?: number
  readonly problem?: string
}

/** How programs write that there is no value: Python and JSON, R, pandas. */
const EMPTY = new Set(['', 'null', 'none', 'na', 'nan'])

function readLatency(table: PairTable, row: number, column: string): ReadLatency {
  const cell = table.cell(row, column)
  if (cell === undefined || cell === null) return {}
  if (typeof cell === 'object') {
    const keys = Object.keys(cell)
    const inside = keys.find((key) => /latency|duration|ms$/i.test(key)) ?? keys[0] ?? 'ms'
    return {
      problem: `has an object under ${column}; name the number in it, such as --map direct=${column}.${inside}`,
    }
  }
  const text = typeof cell === 'string' ? cell.trim() : JSON.stringify(cell)
  if (typeof cell === 'string' && EMPTY.has(text.toLowerCase())) return {}
  const value = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN
  if (!Number.isFinite(value)) {
    return { problem: `has ${JSON.stringify(cell)} under ${column}, which is not a number` }
  }
  if (value < 0) return { problem: `has ${text} under ${column}, and no latency is below 0` }
  return { value }
}

function badRows(file: string, problems: readonly string[], total: number): Error {
  const shown = problems.slice(0, MOST_PROBLEMS).map((problem) => `  ${problem}`)
  const more =
    problems.length > MOST_PROBLEMS ? [`  and ${problems.length - MOST_PROBLEMS} more`] : []
  return badPairs(
    file,
    [
      `has ${problems.length} of ${total} rows that cannot be used; correct them, or leave a failed side empty, which leaves the pair out`,
      ...shown,
      ...more,
    ].join('\n'),
  )
}
