import type { ColumnMap, Side, TimeUnit } from '../model/pair-source.ts'
import { badPairs, type PairTable } from './pair-table.ts'

export interface ColumnChoice {
  readonly map: ColumnMap
  readonly unit: TimeUnit
}

/** Finds the two columns: those of the map, else those that their names and unit tell. Throws UsageError. */
export function chooseColumns(
  file: string,
  table: PairTable,
  choice: ColumnChoice,
): Record<Side, string> {
  const columns = {
    direct: columnOf('direct', file, table, choice),
    proxy: columnOf('proxy', file, table, choice),
  }
  if (columns.direct === columns.proxy) {
    throw badPairs(
      file,
      `has ${columns.direct} for both sides; give --map direct=COLUMN,proxy=COLUMN`,
    )
  }
  return columns
}

function columnOf(side: Side, file: string, table: PairTable, { map, unit }: ColumnChoice): string {
  const given = map[side]
  if (given !== undefined) {
    if (isPresent(table, given)) return given
    throw badPairs(file, `has nothing under ${given}, which --map names; ${listOf(table)}`)
  }
  // A column in seconds is not looked for among milliseconds: it would be taken a thousand times too small.
  const names = [side, `${side}_${unit}`, `${side}_latency`, `${side}_latency_${unit}`]
  const found = table.columns.filter((column) => names.includes(column.toLowerCase()))
  const [first, ...others] = found
  if (first === undefined) {
    throw badPairs(
      file,
      `has no column ${names.join(', ')}; name it with --map ${side}=COLUMN (and --unit, where it is not in ${unit}); ${listOf(table)}`,
    )
  }
  if (others.length > 0) {
    throw badPairs(
      file,
      `has several columns for ${side} (${found.join(', ')}); choose one with --map ${side}=COLUMN`,
    )
  }
  return first
}

function isPresent(table: PairTable, column: string): boolean {
  if (table.columns.includes(column)) return true
  for (let row = 0; row < table.length; row += 1) {
    if (table.cell(row, column) !== undefined) return true
  }
  return false
}

function listOf({ columns }: PairTable): string {
  return columns.length === 0 ? 'it has no columns' : `its columns are ${columns.join(', ')}`
}
