/** Cells in columns of their width, for a terminal: the first left, the others as well, two spaces between. */
export function alignedRows(rows: readonly (readonly string[])[]): string {
  const columns = Math.max(0, ...rows.map((row) => row.length))
  const widths = Array.from({ length: columns }, (_, column) =>
    // A heading that stands alone in its row makes no column wider.
    Math.max(0, ...rows.filter((row) => row.length > 1).map((row) => widthOf(row[column] ?? ''))),
  )
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - widthOf(cell))))
      .join('  ')
      .trimEnd(),
  )
  return lines.map((line) => `${line}\n`).join('')
}

/** In code points: what is printed here has neither wide nor combining ones. */
function widthOf(text: string): number {
  return Array.from(text).length
}
