import { describe, expect, test } from 'vitest'
import type { Page } from '../../../src/model/page.ts'
import { capacityAnswer } from '../../../src/report/html/answers/capacity-answer.ts'
import { probeAnswer } from '../../../src/report/html/answers/probe-answer.ts'
import { runAnswer } from '../../../src/report/html/answers/run-answer.ts'
import { html } from '../../../src/report/html/markup.ts'
import { CAPACITY_PAGE, pageArm, pageOfRun, probePage } from '../../helpers/pages.ts'

function answerOf(page: Page) {
  if (page.run === undefined) throw new Error('not a run')
  const { title, sentence, further } = runAnswer(page, page.run)
  const plain = (markup: string) => markup.replaceAll(/<[^>]+>/g, '').replaceAll('\u00A0', ' ')
  return {
    title: title.replaceAll('\u00A0', ' '),
    sentence: plain(html`${sentence}`.text),
    further: further.map((one) => plain(html`${one}`.text)),
  }
}

const ONE_LEVEL = { levels: [{ concurrency: 10 }] }
const level = { concurrency: 10 }
const pair = (addedMs: number) => [
  pageArm('direct', 0, { level }),
  pageArm('proxy', addedMs, { level }),
]

describe('the first sentence of a run', () => {
  test('tells the overhead with its interval, and holds it against the budget', () => {
    const budgets = {
      maxOverhead: [{ metric: 'p95', limit: { ms: 9 } } as const],
      maxErrorRate: undefined,
      minOkRps: undefined,
    }
    const page = pageOfRun({ measurements: pair(4), plan: ONE_LEVEL, settings: { budgets } })
    expect(answerOf(page).sentence).toMatch(
      /^proxy adds \d\.\d+ ms \(\d\.\d+ to \d\.\d+\) to p95 at 10 in flight; ✓ budget 9\.0 ms: PASS$/,
    )
  })

  test('tells the heaviest level, and the lightest below', () => {
    const { title, further } = answerOf(pageOfRun())
    expect(title).toMatch(/ to p95 at 10 in flight$/)
    expect(further[0]).toMatch(/^proxy adds .* to p95 at 1 in flight\.$/)
  })

  test('never says that there is no overhead', () => {
    const { title } = answerOf(pageOfRun({ measurements: pair(0), plan: ONE_LEVEL }))
    expect(title).toMatch(/^proxy changes p95 by less than this run can tell at 10 in flight: /)
    expect(title).toMatch(/below the detection limit of/)
  })

  test('tells a proxy that is faster', () => {
    const { title } = answerOf(pageOfRun({ measurements: pair(-4), plan: ONE_LEVEL }))
    expect(title).toMatch(/^proxy takes \d\.\d+ ms \(\d\.\d+ to \d\.\d+\) off p95 at 10 in flight$/)
  })

  test('says that an order has no interval, and why', () => {
    const plan = { ...ONE_LEVEL, order: 'sequential' } as const
    const { title, further } = answerOf(pageOfRun({ measurements: pair(4), plan }))
    expect(title).toMatch(/ with no interval to judge that by$/)
    expect(further.join(' ')).toMatch(/No interval: --order sequential measures one side after/)
  })

  test('takes another figure where the one asked for needs more requests, and says so', () => {
    const settings = { primaryMetric: 'p99' } as const
    const { title, further } = answerOf(
      pageOfRun({ measurements: pair(4), plan: ONE_LEVEL, settings }),
    )
    expect(title).toMatch(/ to p95 at /)
    expect(further).toContain('p99 is not compared: it needs 1000 ok requests to each endpoint.')
  })

  test('says that nothing can be said where nothing came back', () => {
    const dead = pageArm('proxy', 4, {
      level,
      samples: pageArm('x', 0, { rows: [] }).samples,
    })
    const refused = {
      ...dead,
      samples: { ...dead.samples, outcome: dead.samples.outcome.map(() => 3) },
    }
    const { title, further } = answerOf(
      pageOfRun({ measurements: [pageArm('direct', 0, { level }), refused], plan: ONE_LEVEL }),
    )
    expect(title).toBe('Nothing can be said of what proxy adds to the latency')
    expect(further.join(' ')).toContain('300 of 300 requests to proxy failed (100 %)')
  })

  test('of one endpoint is its latency', () => {
    const plan = { ...ONE_LEVEL, endpoints: [{ name: 'target', url: 'http://a/', baseline: true }] }
    const { title } = answerOf(pageOfRun({ measurements: [pageArm('target', 0, { level })], plan }))
    expect(title).toMatch(
      /^target answers half of the requests within 2\d\.\d ms and 95 % of them within 2\d\.\d ms at 10 in flight$/,
    )
  })

  test('says that a run was stopped early', () => {
    expect(answerOf(pageOfRun({ record: { partial: true } })).further.join(' ')).toContain(
      'stopped early',
    )
  })
})

test('a capacity is told beside the baseline’s, and whether the client was the limit', () => {
  const { capacity } = CAPACITY_PAGE
  if (capacity === undefined) throw new Error('no capacity')
  const { title, further } = capacityAnswer(capacity)
  expect(title.replaceAll('\u00A0', ' ')).toBe(
    'proxy keeps e2e within 200 ms for 99 % of requests up to 60.0 a second, 75 % of what direct can take',
  )
  expect(further.join(' ')).toContain('--client-workers 2')
})

test('a probe is told by what it stopped, of both labels', () => {
  const { probe } = probePage()
  if (probe === undefined) throw new Error('no probe')
  const { title, further } = probeAnswer(probe)
  expect(title.replaceAll('\u00A0', ' ')).toMatch(
    /^83\.3 % of 24 attacks \(\d+\.\d to \d+\.\d %\) blocked, and 3\.33 % of 30 harmless prompts \(/,
  )
  expect(html`${further}`.text).toContain('1 of 55 cases are undecided')
  expect(html`${further}`.text).toContain('PASS')
})
