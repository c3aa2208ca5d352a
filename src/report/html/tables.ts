import { html, Html, type Printable } from './markup.ts'

export interface HtmlTable {
  readonly caption: Printable
  readonly header: readonly Printable[]
  /** The first cell of a row is its name. */
  readonly rows: readonly (readonly Printable[])[]
  /** Columns of words from the left, the others being numbers; 1 unless given. */
  readonly left?: number
  /** For people who cannot see that the table scrolls; the caption, where that is plain text. */
  readonly name?: string
}

/** A table that scrolls by itself where it is wider than the page, also by keyboard. */
export function tableMarkup({ caption, header, rows, left = 1, name }: HtmlTable): Html {
  const kind = (column: number) => (column < left ? 'words' : 'number')
  const head = header.map(
    (cell, column) => html`<th scope="col" class="${kind(column)}">${cell}</th>`,
  )
  const body = rows.map(
    ([first, ...cells]) =>
      html`<tr>
        <th scope="row" class="words">${first}</th>
        ${cells.map((cell, column) => html`<td class="${kind(column + 1)}">${cell}</td>`)}
      </tr> `,
  )
  const label = name ?? (typeof caption === 'string' ? caption : 'Table')
  return html`<div class="scroll" role="group" tabindex="0" aria-label="${label}">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${head}
        </tr>
      </thead>
      <tbody>
        ${body}
      </tbody>
    </table>
  </div> `
}

interface MarkdownTable {
  readonly title: string
  readonly header: readonly string[]
  readonly rows: readonly (readonly string[])[]
  readonly left: number
  readonly notes: readonly string[]
}

/**
 * A table of the text report as HTML. Read back from its Markdown, so that each table is written once and a new one
 * is on the page without a second renderer; the words are escaped here like any others.
 */
export function markdownTableMarkup(markdown: string): Html {
  const { title, header, rows, left, notes } = readMarkdownTable(markdown)
  const paragraphs = notes.map((note) => html`<p class="note">${note}</p> `)
  if (header.length === 0)
    return html`<h3>${title}</h3>
      ${paragraphs}`
  return html`${tableMarkup({ caption: title, header, rows, left })}${paragraphs}`
}

function readMarkdownTable(markdown: string): MarkdownTable {
  const lines = markdown.split('\n').filter((line) => line.trim() !== '')
  const title = (lines.find((line) => line.startsWith('## ')) ?? '').slice(3)
  const table = lines.filter((line) => line.startsWith('|'))
  const [head, rule, ...rows] = table.map((line) => cellsOf(line))
  return {
    title,
    header: head ?? [],
    rows,
    left: (rule ?? []).filter((cell) => !cell.endsWith(':')).length,
    notes: lines.filter((line) => !line.startsWith('|') && !line.startsWith('## ')),
  }
}

/** The cells of a row, whose own pipes are written as `\|`. */
function cellsOf(line: string): string[] {
  return line
    .trim()
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll(String.raw`\|`, '|'))
}
