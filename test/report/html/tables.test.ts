import fc from 'fast-check'
import { parseHTML } from 'linkedom'
import { expect, test } from 'vitest'
import { markdownTable } from '../../../src/report/markdown-table.ts'
import { markdownTableMarkup, tableMarkup } from '../../../src/report/html/tables.ts'

interface Element {
  readonly textContent: string
  getAttribute(name: string): string | null
  querySelectorAll(selector: string): Iterable<Element>
}

function parsed(markup: { readonly text: string }): Element {
  const { document } = parseHTML(`<!doctype html><html><body>${markup.text}</body></html>`)
  return document.body
}

const textsOf = (body: Element, selector: string) =>
  Array.from(body.querySelectorAll(selector), ({ textContent }) => textContent.trim())

test('every cell of a Markdown table is a cell of the HTML table, whatever stands in it', () => {
  // Markdown itself drops the spaces around a cell and breaks no line within one.
  const cell = fc
    .string()
    .map((text) => text.replaceAll(/\s+/g, ' ').trim())
    .filter((text) => !text.endsWith('\\') && !text.includes(String.raw`\|`))
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 5 }), (rows) => {
      const markdown = `## A title\n${markdownTable(['one', 'two'], rows)}\n\nA note.\n`
      const body = parsed(markdownTableMarkup(markdown))
      expect(textsOf(body, 'tbody th, tbody td')).toEqual(rows.flat())
      expect(textsOf(body, 'caption')).toEqual(['A title'])
      expect(textsOf(body, 'p')).toEqual(['A note.'])
    }),
  )
})

test('a table has a caption, scopes, and a group that scrolls by keyboard', () => {
  const body = parsed(
    tableMarkup({
      caption: 'Of what',
      header: ['name', 'n'],
      rows: [
        ['a', 1],
        ['b', 2],
      ],
    }),
  )
  const [region] = body.querySelectorAll('[role=group]')
  expect(region?.getAttribute('tabindex')).toBe('0')
  expect(region?.getAttribute('aria-label')).toBe('Of what')
  expect(Array.from(body.querySelectorAll('th[scope=col]'))).toHaveLength(2)
  expect(textsOf(body, 'th[scope=row]')).toEqual(['a', 'b'])
})

test('a part without a table keeps its heading and its words', () => {
  const body = parsed(markdownTableMarkup('## Coverage\n3 of 4 are decided.\n'))
  expect(textsOf(body, 'h3, p')).toEqual(['Coverage', '3 of 4 are decided.'])
})
