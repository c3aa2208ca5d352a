import { describe, expect, test } from 'vitest'
import { compareSummaries } from '../../src/analysis/overhead.ts'
import { summarize } from '../../src/analysis/summarize.ts'
import { findWarnings } from '../../src/analysis/warnings.ts'
import { buildMeasurement, okRows } from '../helpers/measurement-builder.ts'

const CONDITIONS = { keepAlive: true, selfWarmup: true }

describe('summarize', () => {
  test('latencies are those of ok requests alone', () => {
    const summary = summarize(
      buildMeasurement(
        [...okRows([10, 20, 30]), { outcome: 'http-error', status: 500, latencyMs: 9999 }],
        {
          durationMs: 2000,
        },
      ),
    )
    expect(summary).toMatchObject({
      requests: 4,
      ok: 3,
      errors: 1,
      statuses: { '200': 3, '500': 1 },
    })
    expect(summary.outcomes).toEqual({ ok: 3, 'http-error': 1 })
    expect(summary.metrics.ok_rps.value).toBe(1.5)
    expect(summary.metrics.mean.value).toBeCloseTo(20, 9)
    expect(summary.metrics.p50.value).toBeCloseTo(20, 9)
    expect(summary.metrics.p95.value).toBeCloseTo(29, 9)
    expect(summary.metrics.max.value).toBeCloseTo(30, 9)
    expect(summary.metrics.err_rate.value).toBe(0.25)
  })

  test('requests that our stop cancelled are neither ok nor errors', () => {
    const summary = summarize(
      buildMeasurement([...okRows([10]), { outcome: 'cancelled' }], { partial: true }),
    )
    expect(summary).toMatchObject({ requests: 1, ok: 1, errors: 0, partial: true })
  })

  test('what was not measured is absent, with the reason', () => {
    const none = summarize(buildMeasurement([{ outcome: 'refused' }])).metrics
    expect(none.p50).toEqual({ value: undefined, reason: 'no request was ok' })
    expect(none.err_rate.value).toBe(1)
    const empty = summarize(buildMeasurement([], { durationMs: 0 })).metrics
    expect(empty.ok_rps).toEqual({ value: undefined, reason: 'nothing was sent' })
    expect(empty.err_rate.value).toBeUndefined()
  })
})

describe('compareSummaries', () => {
  const direct = summarize(buildMeasurement(okRows([10, 20]), { endpoint: 'direct' }))

  test('is the difference of each metric, candidate minus baseline', () => {
    const proxy = summarize(buildMeasurement(okRows([15, 26]), { endpoint: 'proxy' }))
    const { rows } = compareSummaries(direct, proxy)
    expect(rows.map(({ metric }) => metric)).toEqual([
      'ok_rps',
      'mean',
      'p50',
      'p95',
      'p99',
      'err_rate',
    ])
    expect(rows.find(({ metric }) => metric === 'mean')?.delta.value).toBeCloseTo(5.5, 9)
  })

  test('has no delta where one side has no number', () => {
    const dead = summarize(buildMeasurement([{ outcome: 'refused' }], { endpoint: 'proxy' }))
    const p95 = compareSummaries(direct, dead).rows.find(({ metric }) => metric === 'p95')
    expect(p95?.delta).toEqual({ value: undefined, reason: 'no request was ok' })
  })
})

describe('findWarnings', () => {
  const codes = (rows: Parameters<typeof buildMeasurement>[0], conditions = CONDITIONS) =>
    findWarnings([summarize(buildMeasurement(rows))], conditions).map(({ code }) => code)

  test('a clean run has none', () => {
    expect(codes(okRows([1, 2, 3]))).toEqual([])
  })

  test('errors above 1 % are one, at 1 % none', () => {
    const hundred = okRows(Array.from({ length: 99 }, () => 5))
    expect(codes([...hundred, { outcome: 'reset' }])).toEqual([])
    expect(codes([...hundred, { outcome: 'reset' }, { outcome: 'reset' }])).toEqual(['errors'])
  })

  test('throttling, reconnects and no success are told apart', () => {
    expect(codes([{ outcome: 'throttled', status: 429 }])).toEqual(['no-success', 'throttled'])
    expect(codes([{ reused: false }])).toEqual(['reconnects'])
    expect(codes([{ reused: false }], { ...CONDITIONS, keepAlive: false })).toEqual([])
  })

  test('a cold client is one', () => {
    expect(codes(okRows([1]), { ...CONDITIONS, selfWarmup: false })).toEqual(['cold-client'])
  })

  test('a stopped block is one', () => {
    const stopped = summarize(buildMeasurement(okRows([1]), { partial: true }))
    expect(findWarnings([stopped], CONDITIONS).map(({ code }) => code)).toEqual(['partial'])
  })
})
