/** What a cell may hold; undefined is an empty cell. */
export type CsvCell = string | number | boolean | undefined

/** A table as RFC 4180 has it, with LF between records, as the tools of a shell expect. Ends in a line break. */
export function csvTable(header: readonly string[], rows: Iterable<readonly CsvCell[]>): string {
  const lines = [csvRow(header)]
  for (const row of rows) lines.push(csvRow(row))
  return `${lines.join('\n')}\n`
}

function csvRow(cells: readonly CsvCell[]): string {
  return cells.map((cell) => csvCell(cell)).join(',')
}

function csvCell(cell: CsvCell): string {
  if (cell === undefined) return ''
  if (typeof cell !== 'string') return String(cell)
  return /[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
