import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { analyse } from '../../src/analysis/analyse.ts'
import type { Budgets } from '../../src/model/budget.ts'
import { createRandom } from '../../src/stats/random.ts'
import { buildMeasurement, roundRows } from '../helpers/measurement-builder.ts'
import { PLAIN_SETTINGS } from '../helpers/settings.ts'

const TWO = [
  { name: 'direct', url: 'http://a/', baseline: true },
  { name: 'proxy', url: 'http://b/', baseline: false },
]
const NONE: Budgets = { maxOverhead: [], maxErrorRate: undefined, minOkRps: undefined }

/** A proxy that adds 5 ms to some 100 ms, give or take. */
function judge(given: Partial<Budgets>, failures = 0) {
  const random = createRandom(3)
  const rows = (added: number) => roundRows(10, 100, () => 100 + added + random() * 4)
  const proxyRows = rows(5).map((row, index) =>
    index < failures ? { ...row, outcome: 'http-error' as const, status: 500 } : row,
  )
  return analyse({
    plan: { endpoints: TWO, order: 'rounds' },
    settings: { ...PLAIN_SETTINGS, budgets: { ...NONE, ...given } },
    measurements: [
      buildMeasurement(rows(0), { endpoint: 'direct' }),
      buildMeasurement(proxyRows, { endpoint: 'proxy' }),
    ],
  }).budgets
}

describe('judgeBudgets', () => {
  test.each([
    [6, 'PASS'],
    [4, 'FAIL'],
    [5, 'INCONCLUSIVE'],
  ] as const)('mean=%d ms against 5 ms is %s', (ms, state) => {
    const [verdict] = judge({ maxOverhead: [{ metric: 'mean', limit: { ms } }] })
    expect(verdict).toMatchObject({
      budget: `--max-overhead mean=${ms}ms`,
      endpoint: 'proxy',
      state,
    })
    expect(/^about \d+ requests would decide/.test(verdict?.reason ?? '')).toBe(
      state === 'INCONCLUSIVE',
    )
  })

  test('a relative budget is on the ratio', () => {
    const [kept] = judge({ maxOverhead: [{ metric: 'mean', limit: { share: 0.1 } }] })
    expect(kept).toMatchObject({ budget: '--max-overhead mean=10%', state: 'PASS', unit: 'ratio' })
    expect(kept?.value).toBeCloseTo(0.049, 2)
    const [broken] = judge({ maxOverhead: [{ metric: 'mean', limit: { share: 0.02 } }] })
    expect(broken?.state).toBe('FAIL')
  })

  test('a percentile that was not earned decides nothing', () => {
    const random = createRandom(1)
    const side = (endpoint: string) =>
      buildMeasurement(
        roundRows(6, 20, () => 10 + random()),
        { endpoint },
      )
    const { budgets } = analyse({
      plan: { endpoints: TWO, order: 'rounds' },
      settings: {
        ...PLAIN_SETTINGS,
        budgets: { ...NONE, maxOverhead: [{ metric: 'p99', limit: { ms: 500 } }] },
      },
      measurements: [side('direct'), side('proxy')],
    })
    expect(budgets[0]).toMatchObject({ state: 'INCONCLUSIVE', reason: 'needs 1000' })
  })

  test('the error rate is judged by its Wilson interval, on the proxy alone', () => {
    const states = (maxErrorRate: number, failures: number) =>
      judge({ maxErrorRate }, failures).map(({ endpoint, state }) => [endpoint, state])
    expect(states(0.01, 0)).toEqual([['proxy', 'PASS']])
    expect(states(0.01, 50)).toEqual([['proxy', 'FAIL']])
    expect(states(0.01, 10)).toEqual([['proxy', 'INCONCLUSIVE']])
    // 0 of 1000 leaves up to 0.4 % possible.
    expect(states(0.001, 0)).toEqual([['proxy', 'INCONCLUSIVE']])
  })

  test('throughput is judged from below', () => {
    const [{ value = 0 } = {}] = judge({ minOkRps: 1 })
    expect(judge({ minOkRps: value / 2 })[0]?.state).toBe('PASS')
    expect(judge({ minOkRps: value * 2 })[0]?.state).toBe('FAIL')
  })

  test('a wider budget never turns a PASS into anything else', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 20, noNaN: true }),
        fc.double({ min: 0, max: 20, noNaN: true }),
        (one, other) => {
          const [tight, wide] = [Math.min(one, other), Math.max(one, other)]
          const stateAt = (ms: number) =>
            judge({ maxOverhead: [{ metric: 'mean', limit: { ms } }] })[0]?.state
          const rank = { FAIL: 0, INCONCLUSIVE: 1, PASS: 2 }
          return rank[stateAt(tight) ?? 'FAIL'] <= rank[stateAt(wide) ?? 'FAIL']
        },
      ),
      { numRuns: 10 },
    )
  })
})
