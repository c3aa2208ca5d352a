import { describe, expect, test } from 'vitest'
import { latencyByOutcome } from '../../src/analysis/probe-latency.ts'
import { probeLatencyTable } from '../../src/report/probe-latency-table.ts'
import { verdict } from '../helpers/judged-cases.ts'
import { probed } from '../helpers/probed-cases.ts'

/** Latencies of 1 to `count` ms. */
function timed(count: number, kind: Parameters<typeof probed>[0], given = {}) {
  return Array.from({ length: count }, (_, index) =>
    probed(kind, { latencyMs: index + 1, headMs: (index + 1) / 2, ...given }),
  )
}

describe('latency by outcome', () => {
  test('keeps outcomes apart, with as many digits as the samples allow', () => {
    const rows = latencyByOutcome([...timed(200, 'allowed'), ...timed(20, 'blocked')])
    expect(rows).toEqual([
      {
        endpoint: 'proxy',
        outcome: 'allowed',
        n: 200,
        p50: { value: 100.5 },
        p95: { value: expect.closeTo(190.05, 6) as number },
      },
      {
        endpoint: 'proxy',
        outcome: 'blocked',
        n: 20,
        p50: { value: 10.5 },
        p95: { value: undefined, reason: 'needs 200' },
      },
      {
        endpoint: 'proxy',
        outcome: 'time to block',
        n: 20,
        p50: { value: 5.25 },
        p95: { value: undefined, reason: 'needs 200' },
      },
    ])
    expect(probeLatencyTable(rows)).toMatchInlineSnapshot(`
      "## Latency by outcome
      | endpoint | outcome | n | p50 | p95 |
      |---|---|---:|---:|---:|
      | proxy | allowed | 200 | 100.5ms | 190.0ms |
      | proxy | blocked | 20 | 10.5ms | n/a (needs 200) |
      | proxy | time to block | 20 | 5.3ms | n/a (needs 200) |
      "
    `)
  })

  test('takes for time to block only what the proxy stopped before the model', () => {
    const rows = latencyByOutcome([
      ...timed(2, 'blocked', { verdict: verdict('blocked', { stage: 'response' }) }),
      ...timed(2, 'blocked', { verdict: verdict('blocked', { by: 'provider' }) }),
      ...timed(2, 'blocked', { headMs: undefined }),
    ])
    expect(rows.map(({ outcome, n }) => [outcome, n])).toEqual([['blocked', 6]])
  })

  test('leaves out what is undecided, and attempts that were made again', () => {
    const rows = [...timed(3, 'undecided'), ...timed(3, 'allowed', { last: false })]
    expect(latencyByOutcome(rows)).toEqual([])
    expect(probeLatencyTable([])).toBe('')
  })
})
