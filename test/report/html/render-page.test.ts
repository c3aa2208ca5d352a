import { createHash } from 'node:crypto'
import { parseHTML } from 'linkedom'
import { describe, expect, test } from 'vitest'
import type { Page } from '../../../src/model/page.ts'
import { renderPage } from '../../../src/report/html/render-page.ts'
import { CAPACITY_PAGE, pageArm, pageOfRun, probePage } from '../../helpers/pages.ts'

const PAGES: readonly (readonly [string, () => Page])[] = [
  ['run', () => pageOfRun()],
  ['capacity', () => CAPACITY_PAGE],
  ['probe', () => probePage()],
]

interface Node {
  readonly nodeName: string
  readonly textContent: string
  readonly children: ArrayLike<Node>
  getAttribute(name: string): string | null
  querySelectorAll(selector: string): Iterable<Node>
}

function parsed(page: string): Node {
  return parseHTML(page).document
}

const OUTLINED = 'h1, h2, h3, nav, figure > svg, figcaption, caption, dt'

/** The page as one hears it: headings, charts by what they are named, tables by their captions. */
function outlineOf(page: string): string {
  const lines = Array.from(parsed(page).querySelectorAll(OUTLINED), (node) => {
    const text = node.getAttribute('aria-label') ?? node.textContent
    return `${node.nodeName.toLowerCase()}: ${text.replaceAll(/\s+/g, ' ').trim()}`
  })
  return `${lines.join('\n')}\n`
}

describe.each(PAGES)('a page of a %s', (kind, build) => {
  test('has this outline', async () => {
    const outline = outlineOf(await renderPage(build()))
    await expect(outline).toMatchFileSnapshot(`../../fixtures/golden/page-${kind}.txt`)
  })

  test('runs nothing, fetches nothing, and has the one style that its policy names', async () => {
    const page = await renderPage(build())
    const document = parsed(page)
    expect(page).not.toMatch(/<script|<img|<iframe|<object|<form|\sstyle=|\son\w+=|@import|url\(/i)
    const links = Array.from(document.querySelectorAll('[href], [src]'), (node) =>
      node.getAttribute('href'),
    )
    expect(links.filter((link) => !link?.startsWith('#'))).toEqual(['data:,'])
    const [, style = ''] = /<style>([\s\S]*?)<\/style>/.exec(page) ?? []
    const hash = createHash('sha256').update(style).digest('base64')
    const [policy] = Array.from(document.querySelectorAll('meta[http-equiv]'))
    expect(policy?.getAttribute('content')).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'`,
    )
    expect(page.match(/<style/g)).toHaveLength(1)
  })

  test('leads from its contents to each section', async () => {
    const document = parsed(await renderPage(build()))
    const ids = Array.from(
      document.querySelectorAll('main > section'),
      (one) => `#${one.getAttribute('id')}`,
    )
    const links = Array.from(document.querySelectorAll('nav a'), (one) => one.getAttribute('href'))
    expect(links).toEqual(ids)
  })
})

test('a page of nothing says so', async () => {
  const { head } = CAPACITY_PAGE
  expect(await renderPage({ head })).toContain('Nothing was measured.')
})

test('forty curves take less than 500 kB', async () => {
  const levels = Array.from({ length: 20 }, (_, index) => ({ concurrency: index + 1 }))
  const measurements = levels.flatMap((level) => [
    pageArm('direct', 0, { level }),
    pageArm('proxy', 4, { level }),
  ])
  const page = await renderPage(pageOfRun({ measurements, plan: { levels } }))
  expect(Buffer.byteLength(page)).toBeLessThan(500_000)
})
