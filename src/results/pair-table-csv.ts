import { CsvError, type Info, parse } from 'csv-parse/sync'
import { badPairs, type PairTable } from './pair-table.ts'

interface CsvRow {
  readonly record: readonly string[]
  readonly info: Info
}

/** Reads CSV, or what separates its header's names by tabs or semicolons. Throws UsageError. */
export function readCsvTable(file: string, text: string): PairTable {
  const [header, ...rows] = parseRows(file, text)
  if (header === undefined) throw badPairs(file, 'is empty; give a CSV file with a header, or JSON')
  const columns = header.record.map((name) => name.trim())
  if (columns.every((name) => name !== '' && Number.isFinite(Number(name)))) {
    throw badPairs(
      file,
      `has no header, its first line is ${JSON.stringify(columns.join(','))}; put one before it, such as direct,proxy`,
    )
  }
  const twice = columns.find((name, index) => columns.indexOf(name) !== index)
  if (twice !== undefined) {
    throw badPairs(file, `has two columns ${JSON.stringify(twice)}; rename one`)
  }
  const indexOf = new Map(columns.map((name, index) => [name, index]))
  return {
    columns,
    length: rows.length,
    cell: (row, column) => rows[row]?.record[indexOf.get(column) ?? -1],
    problem: (row) => {
      const cells = rows[row]?.record.length ?? 0
      return cells === columns.length
        ? undefined
        : `has ${cells} ${cells === 1 ? 'cell' : 'cells'}, and the header ${columns.length}`
    },
    where: (row) => `row ${row + 1} (line ${rows[row]?.info.lines ?? '?'})`,
  }
}

function parseRows(file: string, text: string): CsvRow[] {
  try {
    // With `info` each entry is a record and where it ends, which the types of `parse` do not say.
    return parse(text, {
      delimiter: delimiterOf(text),
      info: true,
      // Told row by row instead, beside what else is wrong.
      relax_column_count: true,
      skip_empty_lines: true,
    }) as unknown as CsvRow[]
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    throw badPairs(file, `is not CSV: ${error.message}; check the quotes there, or give JSON`)
  }
}

/** The header decides: a decimal comma may stand in the rows below. */
function delimiterOf(text: string): string {
  const header = /^.*/.exec(text.trimStart())?.[0] ?? ''
  return ['\t', ';'].find((one) => header.includes(one)) ?? ','
}
