import axe from 'axe-core'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { hasChromium, startChromium } from '../helpers/browser.ts'
import { buildBlocked, buildFinding, buildRecord } from '../helpers/exchange-records.ts'
import { type ObservedServer, startObserved } from '../servers/proxy/api/observed-server.ts'

const HOSTILE = [
  '<img src=x onerror="window.hacked=1">',
  '"><script>window.hacked=1</script>',
  "javascript:window.hacked=1//'",
  '</textarea></pre><svg onload=window.hacked=1>',
  '{{constructor.constructor("window.hacked=1")()}}',
].join('\n')

const KEY = 'key-4711'

describe.runIf(hasChromium())('the page of the proxy', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await startChromium()
  })
  afterAll(async () => {
    await browser.close()
  })

  let server: ObservedServer
  let context: BrowserContext
  let page: Page
  /** What the page asked for, and what went wrong in it. */
  let requests: string[]
  let complaints: string[]
  beforeEach(async () => {
    context = await browser.newContext()
    page = await context.newPage()
    requests = []
    complaints = []
    page.on('request', (request) => requests.push(request.url()))
    page.on('pageerror', (error) => complaints.push(String(error)))
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text())
    })
  })
  afterEach(async () => {
    await context.close()
    await server.close()
  })

  const rows = () => page.locator('#rows tr')
  const state = () => page.locator('#state')

  async function openWith(records: Parameters<ObservedServer['record']>[0][]): Promise<void> {
    server = await startObserved()
    for (const record of records) server.record(record)
    const total = async () => {
      const response = await fetch(`${server.url}/api/v1/stats`)
      return ((await response.json()) as { total_spans: number }).total_spans
    }
    await expect.poll(total, { timeout: 10_000 }).toBe(records.length)
    await page.goto(`${server.url}/`)
    await state()
      .filter({ hasText: /of|Nothing/ })
      .waitFor()
  }

  async function expectAccessible(): Promise<void> {
    await page.evaluate(axe.source)
    const violations = await page.evaluate(
      'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes[0].html]))',
    )
    expect(violations).toEqual([])
  }

  test('hostile prompts are text, and the page asks its own server alone', async () => {
    const finding = buildFinding({ type: HOSTILE, evidence: HOSTILE, description: HOSTILE })
    const record = buildBlocked({
      prompt: HOSTILE,
      response: HOSTILE,
      model: HOSTILE,
      path: HOSTILE,
      tenantId: HOSTILE,
      agentId: HOSTILE,
      error: HOSTILE,
      findings: [finding],
    })
    await openWith([record, buildRecord({ prompt: undefined, path: HOSTILE })])
    expect(await rows().count()).toBe(2)
    await rows().nth(1).getByRole('link').click()
    await page.getByRole('heading', { name: record.spanId }).waitFor()
    expect(await page.locator('#prompt').textContent()).toBe(HOSTILE)
    expect(await page.locator('#response').textContent()).toBe(HOSTILE)
    expect(await page.locator('.finding mark').textContent()).toBe(HOSTILE)
    await page.goto(
      `${server.url}/#${new URLSearchParams({ view: HOSTILE, model: HOSTILE }).toString()}`,
    )
    await state().filter({ hasText: '1 to 1 of 1' }).waitFor()
    expect(await page.evaluate(() => 'hacked' in globalThis)).toBe(false)
    expect(await page.locator('img, svg').count()).toBe(0)
    expect(requests.filter((url) => !url.startsWith(server.url))).toEqual([])
    expect(complaints).toEqual([])
  })

  test('inline script would not run: the policy forbids it', async () => {
    await openWith([buildRecord()])
    const insert = `
      const script = document.createElement('script')
      script.append('window.hacked = 1')
      document.body.append(script)`
    // Refused with an exception, or silently, as the browser likes.
    await page.evaluate(insert).catch(() => {})
    expect(await page.evaluate(() => 'hacked' in globalThis)).toBe(false)
    expect(complaints.join(' ')).toMatch(/Content Security Policy|TrustedScript/)
  })

  test('filters, views and pages show what they say, and the address keeps them', async () => {
    const records = Array.from({ length: 60 }, () => buildRecord({ model: 'small' }))
    const blocked = buildBlocked({ model: 'large' })
    await openWith([...records, blocked])
    expect(await state().textContent()).toBe('1 to 50 of 61')
    await page.getByRole('button', { name: 'Older' }).click()
    await state().filter({ hasText: '51 to 61 of 61' }).waitFor()
    expect(await page.getByRole('button', { name: 'Older' }).isDisabled()).toBe(true)
    await page.getByLabel('Action').selectOption('block')
    await page.getByLabel('Model').fill('large')
    await page.getByRole('button', { name: 'Show' }).click()
    await state().filter({ hasText: '1 to 1 of 1' }).waitFor()
    expect(await rows().textContent()).toContain('ignore all previous instructions')
    await page.reload()
    await state().filter({ hasText: '1 to 1 of 1' }).waitFor()
    expect(await page.getByLabel('Model').inputValue()).toBe('large')
    await page.getByRole('button', { name: 'Clear' }).click()
    await state().filter({ hasText: '1 to 50 of 61' }).waitFor()
    await page.getByRole('link', { name: 'Findings' }).click()
    await state().filter({ hasText: '1 to 1 of 1' }).waitFor()
    await page.getByRole('link', { name: 'Traces' }).click()
    await state().filter({ hasText: '1 to 50 of 61' }).waitFor()
    await rows().first().getByRole('link').click()
    await state().filter({ hasText: '1 to 1 of 1' }).waitFor()
    await page.getByLabel('Since').fill('yesterday')
    await page.getByRole('button', { name: 'Show' }).click()
    await state().filter({ hasText: 'Not shown: since is not a time' }).waitFor()
    await page.getByLabel('Since').fill('')
    await page.getByLabel('Model').fill('none')
    await page.getByRole('button', { name: 'Show' }).click()
    await state().filter({ hasText: 'Nothing matches.' }).waitFor()
  })

  test('an exchange opens with its evidence, by keyboard alone, and leads back', async () => {
    const blocked = buildBlocked()
    await openWith([blocked, buildRecord()])
    await rows().nth(1).getByRole('link').focus()
    await page.keyboard.press('Enter')
    const title = page.getByRole('heading', { name: `Exchange ${blocked.spanId}` })
    await title.waitFor()
    expect(await title.evaluate((node) => node.ownerDocument.activeElement === node)).toBe(true)
    const facts = await page.locator('#facts').textContent()
    for (const fact of ['block', 'at the request', '80', '12.50 ms']) expect(facts).toContain(fact)
    const evidence = await page.locator('#evidence').textContent()
    for (const fact of ['High', '0.90', 'override/ignore-previous', 'request.messages[0]']) {
      expect(evidence).toContain(fact)
    }
    await page.keyboard.press('Shift+Tab')
    await page.keyboard.press('Enter')
    await state().filter({ hasText: '1 to 2 of 2' }).waitFor()
    expect(await page.locator('#detail').isHidden()).toBe(true)
  })

  test.each(['light', 'dark'] as const)(
    'has no violation that axe finds, %s',
    async (colorScheme) => {
      await page.emulateMedia({ colorScheme })
      const flagged = buildBlocked({
        action: 'flag',
        findings: [buildFinding({ severity: 'Medium' })],
      })
      await openWith([buildBlocked(), flagged, buildRecord()])
      await expectAccessible()
      await rows().nth(2).getByRole('link').click()
      await page.getByRole('heading', { name: /^Exchange \d/ }).waitFor()
      await expectAccessible()
      const ground = await page.evaluate('getComputedStyle(document.body).backgroundColor')
      expect(ground).toBe(colorScheme === 'dark' ? 'rgb(20, 23, 27)' : 'rgb(255, 255, 255)')
    },
  )

  test('where a key is asked for, it is kept in the tab alone', async () => {
    server = await startObserved({ apiKey: KEY })
    server.record(buildRecord())
    await page.goto(`${server.url}/`)
    await page.getByLabel('API key').fill('wrong')
    await page.getByRole('button', { name: 'Use key' }).click()
    await page.locator('#key[aria-invalid=true]').waitFor()
    await expectAccessible()
    await page.getByLabel('API key').fill(KEY)
    await page.getByRole('button', { name: 'Use key' }).click()
    await state().filter({ hasText: '1 to 1 of 1' }).waitFor()
    const kept = await page.evaluate(
      '[Object.values({ ...sessionStorage }), Object.keys({ ...localStorage }), document.cookie]',
    )
    expect(kept).toEqual([[KEY], [], ''])
    expect(requests.filter((url) => url.includes(KEY))).toEqual([])
    const other = await context.newPage()
    await other.goto(`${server.url}/`)
    await other.getByLabel('API key').waitFor()
  })
})
