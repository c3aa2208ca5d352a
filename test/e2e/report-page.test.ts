import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import axe from 'axe-core'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { renderPage } from '../../src/report/html/render-page.ts'
import { hasChromium, startChromium } from '../helpers/browser.ts'
import { CAPACITY_PAGE, pageArm, pageOfRun, probePage } from '../helpers/pages.ts'
import { scratchFolder } from '../helpers/scratch-folder.ts'

/** What an endpoint, a prompt or an answer could bring along. */
const HOSTILE = [
  '<script>window.hacked=1</script>',
  '"><img src=x onerror="window.hacked=1">',
  "'-->]]></title></style></svg></table><svg onload=window.hacked=1>",
  '<base href="http://127.0.0.1:9/"><meta http-equiv=refresh content="0;url=http://127.0.0.1:9/">',
  '<link rel=stylesheet href=//127.0.0.1:9/a.css><style>*{display:none}</style>',
  '\u202Eright to left | a pipe \\| and `ticks` ${x} {{x}}',
].join(' ')

function hostilePages() {
  const level = { concurrency: 10 }
  const name = `proxy ${HOSTILE}`
  const run = pageOfRun({
    measurements: [
      pageArm('direct', 0, { level }),
      pageArm(name, 4, {
        level,
        url: `http://127.0.0.1:9/${HOSTILE}`,
        rows: [{ outcome: 'http-error', status: 500, round: 5, sequence: 300 }],
        errorExamples: [{ outcome: 'http-error', status: 500, message: HOSTILE }],
      }),
    ],
    plan: {
      levels: [level],
      endpoints: [
        { name: 'direct', url: `http://127.0.0.1:9/${HOSTILE}`, baseline: true },
        { name, url: `javascript:${HOSTILE}`, baseline: false },
      ],
    },
    record: {
      spec: { model: HOSTILE, system: HOSTILE, prompt: HOSTILE, temperature: 0, maxTokens: 1 },
      agentId: HOSTILE,
      startedAt: HOSTILE,
    },
  })
  const probe = probePage({
    caseId: HOSTILE,
    preview: HOSTILE,
    category: HOSTILE,
    endpoint: HOSTILE,
  })
  return { run, probe }
}

/** What `LAYOUT` gives. */
interface Layout {
  /** Width of the page, scrolled to its end. */
  readonly page: number
  readonly outside: readonly string[]
  readonly overlaps: readonly string[]
  readonly tops: readonly number[]
}

const folder = scratchFolder()

async function save(name: string, page: Parameters<typeof renderPage>[0]): Promise<string> {
  const file = join(folder.path, `${name}.html`)
  writeFileSync(file, await renderPage(page))
  return `file://${file}`
}

describe.runIf(hasChromium())('a report page in a browser', () => {
  let browser: Browser
  const urls = new Map<string, string>()
  beforeAll(async () => {
    browser = await startChromium()
    const hostile = hostilePages()
    const budgets = {
      maxOverhead: [{ metric: 'p95', limit: { ms: 12.5 } } as const],
      maxErrorRate: 0.01,
      minOkRps: undefined,
    }
    urls.set('run', await save('run', pageOfRun({ settings: { budgets, pValues: true } })))
    urls.set('capacity', await save('capacity', CAPACITY_PAGE))
    urls.set('probe', await save('probe', probePage()))
    urls.set('hostile run', await save('hostile-run', hostile.run))
    urls.set('hostile probe', await save('hostile-probe', hostile.probe))
  })
  afterAll(async () => {
    await browser.close()
  })

  interface View {
    readonly width?: number
    readonly colorScheme?: 'light' | 'dark'
  }

  interface Opened {
    readonly page: Page
    readonly context: BrowserContext
    /** What the page asked for besides itself, and what the browser complained of. */
    readonly seen: string[]
  }

  async function open(
    name: string,
    { width = 1280, colorScheme = 'light' }: View = {},
  ): Promise<Opened> {
    const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme })
    const page = await context.newPage()
    const seen: string[] = []
    const url = urls.get(name) ?? ''
    await page.route('**', (route) => {
      if (route.request().url() === url) return route.continue()
      seen.push(`asked for ${route.request().url()}`)
      return route.abort()
    })
    page.on('console', (message) => seen.push(`console: ${message.text()}`))
    page.on('pageerror', (error) => seen.push(`error: ${String(error)}`))
    await page.addInitScript({
      content:
        'addEventListener("securitypolicyviolation", (event) => console.log("policy: " + event.violatedDirective))',
    })
    await page.goto(url)
    return { page, context, seen }
  }

  const ALL = ['run', 'capacity', 'probe', 'hostile run', 'hostile probe']

  test.each(ALL)('%s: asks for nothing, breaks no policy, and runs nothing', async (name) => {
    const { page, context, seen } = await open(name)
    expect(await page.evaluate('[window.hacked, document.scripts.length]')).toEqual([undefined, 0])
    // Its one style is applied: without it a heading would have the browser's own weight.
    expect(await page.evaluate('getComputedStyle(document.querySelector("h1")).fontWeight')).toBe(
      '600',
    )
    expect(await page.title()).not.toBe('')
    await context.close()
    expect(seen).toEqual([])
  })

  test('a hostile name changes nothing of the structure', async () => {
    const shape = `[...document.querySelectorAll('*')].filter(e => !e.closest('svg')).map(e => e.tagName).join(' ')`
    const plain = await open('probe')
    const hostile = await open('hostile probe')
    const count = `['script','img','base','link','style','iframe','meta','title','main','header','footer'].map(t => document.getElementsByTagName(t).length).join()`
    expect(await hostile.page.evaluate(`(${count})`)).toBe(await plain.page.evaluate(`(${count})`))
    expect(await hostile.page.evaluate(`(${shape}).length`)).toBe(
      await plain.page.evaluate(`(${shape}).length`),
    )
    expect(await hostile.page.innerText('main')).toContain('<script>window.hacked=1</script>')
    await Promise.all([plain.context.close(), hostile.context.close()])
  })

  test.each(['run', 'capacity', 'probe'])(
    '%s: axe finds nothing, in light and in dark',
    async (name) => {
      const { page, context } = await open(name)
      await page.evaluate(axe.source)
      const told: string[] = []
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        const found = await page.evaluate<{
          violations: { id: string; nodes: { html: string }[] }[]
        }>('axe.run()')
        told.push(...found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`))
      }
      await context.close()
      expect(told).toEqual([])
    },
  )

  test('light and dark are two', async () => {
    const papers = await Promise.all(
      (['light', 'dark'] as const).map(async (colorScheme) => {
        const { page, context } = await open('run', { colorScheme })
        const paper = await page.evaluate('getComputedStyle(document.body).backgroundColor')
        await context.close()
        return paper
      }),
    )
    expect(papers).toEqual(['rgb(255, 255, 255)', 'rgb(20, 23, 27)'])
  })

  test.each(ALL)(
    '%s: nothing is wider than the window or lies on another, on a telephone and on a desk',
    async (name) => {
      const { page, context } = await open(name)
      const layouts: Layout[] = []
      for (const width of [360, 1280]) {
        await page.setViewportSize({ width, height: 800 })
        layouts.push(await page.evaluate<Layout>(LAYOUT))
      }
      const picture = await page.screenshot({ fullPage: true })
      await context.close()
      expect(layouts.map(({ page: width }) => width)).toEqual([360, 1280])
      expect(layouts.flatMap(({ outside, overlaps }) => [...outside, ...overlaps])).toEqual([])
      for (const { tops } of layouts) {
        expect(tops).toEqual(tops.toSorted((one, other) => one - other))
      }
      expect(picture.length).toBeGreaterThan(10_000)
    },
  )

  test('the first screen has the answer and its figures', async () => {
    const { page, context } = await open('run')
    const bottom = await page.evaluate(
      'document.querySelector("header table").getBoundingClientRect().bottom',
    )
    expect(await page.innerText('h1')).toMatch(/^proxy adds /)
    expect(Number(bottom)).toBeLessThan(800)
    await context.close()
  })

  test('by keyboard: the first stop leads to the content, and wide tables scroll', async () => {
    const { page, context } = await open('run', { width: 360 })
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.textContent')).toBe('To the content')
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.getAttribute("role")')).toBe('group')
    await page.keyboard.press('ArrowRight')
    await expect
      .poll(() => page.evaluate('document.activeElement.scrollLeft'), { timeout: 5000 })
      .toBeGreaterThan(0)
    await context.close()
  })

  test('prints: all of it, on white', async () => {
    const { page, context } = await open('run', { colorScheme: 'dark' })
    await page.emulateMedia({ media: 'print' })
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe(
      'rgb(255, 255, 255)',
    )
    const pdf = await page.pdf({ format: 'A4' })
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
    expect(pdf.length).toBeGreaterThan(10_000)
    await context.close()
  })
})

/** What sticks out of the window, save what scrolls by itself; tops of headings; texts of a chart that lie on others. */
const LAYOUT = `(() => {
  const boxOf = (one) => one.getBoundingClientRect()
  const shown = [...document.querySelectorAll('h1, h2, h3, p, li, figure, svg, table, dd, nav')]
  const outside = shown
    .filter((one) => !one.closest('.scroll') && !one.closest('.skip'))
    .filter((one) => boxOf(one).right > innerWidth + 1 || boxOf(one).left < -1)
    .map((one) => one.tagName + ' ' + one.textContent.slice(0, 40))
  const overlaps = [...document.querySelectorAll('figure svg')].flatMap((svg) => {
    const texts = [...svg.querySelectorAll('text')].map((one) => [one.textContent, boxOf(one)])
    return texts.flatMap(([name, a], index) => texts.slice(index + 1)
      .filter(([, b]) => a.left < b.right - 2 && b.left < a.right - 2 && a.top < b.bottom - 3 && b.top < a.bottom - 3)
      .map(([other]) => name + ' on ' + other + ' in ' + svg.getAttribute('aria-label').slice(0, 60)))
  })
  return {
    page: document.documentElement.scrollWidth,
    outside,
    overlaps,
    tops: [...document.querySelectorAll('h1, main h2')].map((one) => boxOf(one).top),
  }
})()`
