import fc from 'fast-check'
import { parseHTML } from 'linkedom'
import { describe, expect, test } from 'vitest'
import { escapeText, html } from '../../../src/report/html/markup.ts'

/** Text as a hostile endpoint, prompt or answer may have it, with much of what means something in HTML. */
const hostileText = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '<',
        '>',
        '"',
        "'",
        '`',
        '&',
        '&lt;',
        '</td>',
        '<script>',
        '-->',
        '\u202E',
        '\u0000',
        '\uD800',
      ),
    ),
  )
  .map((pieces) => pieces.join(''))

interface Parsed {
  readonly textContent: string
  getAttribute(name: string): string
}

describe('html', () => {
  test('a text can neither open a tag nor end an attribute', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(escapeText(text)).not.toMatch(/[<>"'`]|&(?!(?:amp|lt|gt|quot|#39|#96);)/)
      }),
    )
  })

  test('comes back from a document as it was put in, in text and in an attribute', () => {
    const printable = hostileText.filter((text) => escapeText(text).indexOf('\uFFFD') === -1)
    fc.assert(
      fc.property(printable, (text) => {
        const paragraph = html`<p title="${text}">${text}</p>`
        const { document } = parseHTML(`<!doctype html><html><body>${paragraph.text}</body></html>`)
        const found = Array.from(document.body.childNodes) as unknown as Parsed[]
        expect(found).toHaveLength(1)
        expect(found[0]?.textContent).toBe(text)
        expect(found[0]?.getAttribute('title')).toBe(text)
      }),
    )
  })

  test('what cannot be printed or turns the reading direction shows as a mark', () => {
    expect(escapeText('a\u0000b\u202Ec\uD800d\u001Be')).toBe('a\uFFFDb\uFFFDc\uFFFDd\uFFFDe')
    expect(escapeText('grüße 日本 👋\n')).toBe('grüße 日本 👋\n')
  })

  test('markup in markup is not escaped again, and undefined prints nothing', () => {
    const inner = html`<b>${'<'}</b>`
    expect(html`<p>${inner}${undefined}${[1, inner]}</p>`.text).toBe(
      '<p><b>&lt;</b>1<b>&lt;</b></p>',
    )
  })
})
