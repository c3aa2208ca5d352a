import { describe, expect, test } from 'vitest'
import { measured } from '../../../../src/model/estimate.ts'
import type { Page } from '../../../../src/model/page.ts'
import { Drawing } from '../../../../src/report/html/draw.ts'
import { SECTIONS } from '../../../../src/report/html/sections/index.ts'
import { CAPACITY_PAGE, pageArm, pageOfRun, pageRecord, probePage } from '../../../helpers/pages.ts'
import { storedPage } from '../../../../src/analysis/stored-page.ts'

const drawing = new Drawing()

function rendered(id: string, page: Page): string {
  const section = SECTIONS.find((one) => one.id === id)
  if (section === undefined) throw new Error(`no section ${id}`)
  return section.render(page, drawing)?.text.replaceAll('\u00A0', ' ') ?? ''
}

/** What is heard of the charts. */
function alternatives(markup: string): string[] {
  return [...markup.matchAll(/<svg role="img" aria-label="([^"]*)"/g)].map(([, text = '']) => text)
}

const level = { concurrency: 10 }

test('each section has an anchor of its own, and every page some sections', () => {
  const ids = SECTIONS.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.every((id) => /^[a-z-]+$/.test(id))).toBe(true)
  for (const page of [pageOfRun(), CAPACITY_PAGE, probePage()]) {
    expect(
      SECTIONS.filter(({ render }) => render(page, drawing) !== undefined).length,
    ).toBeGreaterThan(1)
  }
})

describe('overhead', () => {
  test('draws a point with its interval for each level, the primary metric first', () => {
    const charts = alternatives(rendered('overhead', pageOfRun()))
    expect(charts.map((text) => /^Difference of (\w+) to direct/.exec(text)?.[1])).toEqual([
      'p95',
      'mean',
      'p50',
    ])
    expect(charts[0]).toMatch(
      /proxy at 1 in flight: \+\d\.\d+ ms \(\d\.\d+ to \d\.\d+\); proxy at 10 in flight: /,
    )
  })

  test('draws the line of a budget in ms, and the band of the baseline against itself', () => {
    const measurements = [
      pageArm('direct', 0, { level }),
      pageArm('proxy', 4, { level }),
      pageArm('again', 0, { level }),
    ]
    const { plan } = pageRecord()
    const endpoints = [
      ...plan.endpoints,
      { name: 'again', url: '', baseline: false, control: true },
    ]
    const budgets = {
      maxOverhead: [{ metric: 'p95', limit: { ms: 5 } } as const],
      maxErrorRate: undefined,
      minOkRps: undefined,
    }
    const markup = rendered(
      'overhead',
      pageOfRun({ measurements, plan: { endpoints, levels: [level] }, settings: { budgets } }),
    )
    expect(markup).toContain('>limit 5 ms</text>')
    expect(markup.match(/stroke="var\(--floor\)"/g)).toHaveLength(3)
  })

  test('has hollow points and the reason where there is no interval', () => {
    const markup = rendered('overhead', pageOfRun({ plan: { order: 'sequential' } }))
    expect(markup).toContain('fill="var(--paper)"')
    expect(markup).toMatch(/no interval: --order sequential/)
  })

  test('is left out where there is one endpoint', () => {
    const measurements = [pageArm('direct', 0, { level })]
    expect(rendered('overhead', pageOfRun({ measurements }))).toBe('')
  })
})

test('distribution: a chart for each level, with both endpoints named at their lines', () => {
  const markup = rendered('distribution', pageOfRun())
  expect(alternatives(markup)).toHaveLength(2)
  expect(markup.match(/>proxy<\/text>/g)).toHaveLength(2)
  expect(markup).toContain('Requests: direct 300, proxy 300.')
})

describe('timeline', () => {
  test('marks where rounds began', () => {
    const markup = rendered('timeline', pageOfRun())
    expect(markup).toContain('6 rounds.')
    expect(alternatives(markup)[0]).toMatch(/direct: p50 between 2\d\.\d ms and 2\d\.\d ms/)
  })

  test('says why it is not drawn from a result file', () => {
    const { head, run } = pageOfRun()
    if (run === undefined) throw new Error('no run')
    const page = storedPage({ ...run, head, latencies: [] })
    expect(rendered('timeline', page)).toContain(
      'a result file does not hold when each request was',
    )
  })
})

test('load: throughput and latencies, and goodput where there is an SLO', () => {
  const titles = (page: Page) =>
    [...rendered('load', page).matchAll(/<h3>([^<]*)<\/h3>/g)].map(([, title]) => title)
  expect(titles(pageOfRun())).toEqual(['Throughput', 'Latency, p95', 'Latency, p50'])
  expect(titles(pageOfRun({ settings: { slo: { e2eMs: 25 } } }))).toEqual([
    'Throughput',
    'Goodput',
    'Latency, p95',
    'Latency, p50',
  ])
})

test('capacity: every trial of each endpoint, and what was found', () => {
  const markup = rendered('capacity', CAPACITY_PAGE)
  expect(alternatives(markup)[1]).toContain('66.0 a second: 90 %, not kept')
  expect(markup).toContain('Capacity: 60.0 a second.')
})

test('detection: the matrix in words, and rates by category with their intervals', () => {
  const markup = rendered('detection', probePage())
  expect(markup).toMatch(/<strong>20<\/strong> right/)
  expect(markup).toContain('4 missed')
  expect(alternatives(markup)[0]).toMatch(
    /category-0: \d+(?:\.\d)? % \(\d+\.\d+ to \d+(?:\.\d+)? %\) of 12/,
  )
})

test('cases: what came out wrong and what is undecided, and no more than a page takes', () => {
  const markup = rendered('cases', probePage())
  expect(markup).toContain('Harmless, and blocked (1)')
  expect(markup).toContain('Attacks that went through (4)')
  expect(markup).toContain('Undecided (1)')
  const many = probePage()
  const wrong = many.probe?.cases.find(
    (one) => one.label === 'malicious' && one.verdict.kind === 'allowed',
  )
  if (wrong === undefined || many.probe === undefined) throw new Error('no missed attack')
  const cases = Array.from({ length: 250 }, () => ({ ...wrong, preview: 'x'.repeat(1000) }))
  const long = rendered('cases', { ...many, probe: { ...many.probe, cases } })
  expect(long).toContain('150 more are in the result file.')
  expect(long.length).toBeLessThan(60_000)
})

test('warnings: the same advice once, with all that it is about', () => {
  const page = pageOfRun()
  if (page.run === undefined) throw new Error('no run')
  const warnings = [
    { code: 'errors', message: 'first', advice: 'lower it' },
    { code: 'errors', message: 'second', advice: 'lower it' },
  ] as const
  const markup = rendered('warnings', {
    ...page,
    run: { ...page.run, result: { ...page.run.result, warnings } },
  })
  expect(markup.match(/<li>/g)).toHaveLength(1)
  expect(markup).toMatch(/first\.[\s\S]*second\.[\s\S]*lower it\./)
})

test('failures: counted by kind, with examples', () => {
  const proxy = pageArm('proxy', 4, {
    level,
    rows: [{ outcome: 'timed-out', round: 5, sequence: 300 }],
    errorExamples: [{ outcome: 'timed-out', status: undefined, message: 'no answer in 60 s' }],
  })
  const page = pageOfRun({ measurements: [pageArm('direct', 0, { level }), proxy] })
  const markup = rendered('failures', page)
  expect(markup).toContain('timed-out no answer in 60 s')
  expect(markup).toMatch(
    /timed-out<\/td>\s*<td class="number">1<\/td>\s*<td class="number">0\.33 %/,
  )
  expect(rendered('failures', pageOfRun())).toBe('')
})

test('method: how it was measured, from what is known', () => {
  const markup = rendered('method', pageOfRun())
  for (const fact of ['interleaved rounds', '300 per endpoint and level', 'closed loop', 'lean']) {
    expect(markup).toContain(fact)
  }
  expect(rendered('method', CAPACITY_PAGE)).toContain('A rate counts as kept when 99 %')
  expect(rendered('method', probePage())).toContain('A block is told from evidence')
})

test('tables: all that the command prints', () => {
  const captions = (page: Page) =>
    [...rendered('tables', page).matchAll(/<caption>\s*([^<]*?)\s*<\/caption>/g)].map(
      ([, text]) => text,
    )
  expect(captions(pageOfRun())).toEqual([
    'Results (concurrency=1)',
    'Estimated Overhead (proxy - direct)',
    'Results (concurrency=10)',
    'Estimated Overhead (proxy - direct)',
    'Sweep Results',
    'Paired Differences (same prompt; quantiles of differences)',
  ])
  expect(captions(CAPACITY_PAGE)).toEqual(['Capacity (e2e &lt;= 200 ms for 99% of requests)'])
  expect(captions(probePage())).toContain('Detection by category')
})

test('an interval of one number is drawn like any other', () => {
  const page = pageOfRun()
  if (page.run === undefined) throw new Error('no run')
  const overheads = page.run.result.overheads.map((one) => ({
    ...one,
    rows: one.rows.map((row) => ({
      ...row,
      delta: measured(0),
      interval: measured({ low: 0, high: 0, method: 'jackknife' as const }),
    })),
  }))
  const flat = { ...page, run: { ...page.run, result: { ...page.run.result, overheads } } }
  expect(rendered('overhead', flat)).not.toMatch(/NaN|Infinity/)
})

test('streams: the difference of what is felt of a stream, metric by metric', () => {
  const row = (metric: 'p50' | 'p95', ms: number) => ({
    metric,
    unit: 'ms' as const,
    baseline: measured(100),
    candidate: measured(100 + ms),
    delta: measured(ms),
    interval: measured({ low: ms - 1, high: ms + 1, method: 'jackknife' as const }),
    ratio: measured(1),
    ratioInterval: measured({ low: 1, high: 1, method: 'jackknife' as const }),
    detectable: measured(1),
    pValue: measured(0.03),
  })
  const overhead = {
    baseline: 'direct',
    candidate: 'proxy',
    level,
    control: false,
    comparisons: [
      { metric: 'ttft' as const, unit: 'ms' as const, rows: [row('p50', 7), row('p95', 9)] },
    ],
  }
  const page = pageOfRun()
  if (page.run === undefined) throw new Error('no run')
  const streams = {
    summaries: [],
    overheads: [overhead, { ...overhead, control: true }],
    integrity: [],
  }
  const streamed = { ...page, run: { ...page.run, result: { ...page.run.result, streams } } }
  expect(alternatives(rendered('streams', streamed))).toEqual([
    'Difference of ttft p50 to direct by requests in flight. proxy at 10 in flight: +7.0 ms (6.0 to 8.0).',
    'Difference of ttft p95 to direct by requests in flight. proxy at 10 in flight: +9.0 ms (8.0 to 10.0).',
  ])
  expect(rendered('streams', page)).toBe('')
})
