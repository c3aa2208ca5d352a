import { printable } from './printable.ts'

/** A Markdown table: the first `left` columns left, the others right. Pipes and line breaks in cells are escaped. */
export function markdownTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  left = 1,
): string {
  const rule = header.map((_, index) => (index < left ? '---' : '---:'))
  return [row(header), `|${rule.join('|')}|`, ...rows.map((cells) => row(cells))].join('\n')
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => escapeCell(cell)).join(' | ')} |`
}

function escapeCell(cell: string): string {
  return printable(cell.replaceAll(/\s*[\r\n]+\s*/g, ' ')).replaceAll('|', String.raw`\|`)
}
