import { dot } from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import { expect, test } from 'vitest'
import { Drawing } from '../../../src/report/html/draw.ts'
import { svgMarkup } from '../../../src/report/html/svg.ts'

function elementOf(markup: string) {
  return parseHTML(`<!doctype html><html><body>${markup}</body></html>`).document.body
    .firstChild as never
}

test('only shapes and their looks are left of a drawing', () => {
  const { text } = svgMarkup(
    elementOf(
      '<svg viewBox="0 0 1 1" onload="x()"><style>a{}</style><script>x()</script><a href="http://a/"><path d="M1.23456,2"></path></a><image href="http://a/"></image><g style="fill:red" aria-label="q" fill="url(http://a/)" opacity="0.5"><text>a &lt; b</text></g></svg>',
    ),
  )
  expect(text).toBe('<svg viewBox="0 0 1 1"><g opacity="0.5"><text>a &lt; b</text></g></svg>')
})

test('coordinates are cut to a tenth, other attributes are not', () => {
  expect(
    svgMarkup(elementOf('<svg><path d="M1.23456,20L3,4.96" opacity="0.125"></path></svg>')).text,
  ).toBe('<svg><path d="M1.2,20L3,5" opacity="0.125"/></svg>')
})

test('a chart is one image with its alternative, and its texts are escaped', () => {
  const { text } = new Drawing().draw({
    alternative: 'a "quoted" <b>',
    x: {},
    y: {},
    marks: [dot([{ a: 1, b: 2, told: '</title><script>' }], { x: 'a', y: 'b', title: 'told' })],
  })
  expect(text).toMatch(/^<svg role="img" aria-label="a &quot;quoted&quot; &lt;b&gt;" /)
  expect(text).toContain('<title>&lt;/title&gt;&lt;script&gt;</title>')
  expect(text).not.toMatch(/<style|style=|<script|href/)
})
