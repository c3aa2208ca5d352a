import { describe, expect, test } from 'vitest'
import { summarize } from '../../src/analysis/summarize.ts'
import { buildMeasurement, okRows } from '../helpers/measurement-builder.ts'

describe('summarize', () => {
  test('latencies are those of ok requests alone', () => {
    const summary = summarize(
      buildMeasurement([
        ...okRows([10, 20, 30]),
        { outcome: 'http-error', status: 500, latencyMs: 1970 },
      ]),
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
    const empty = summarize(buildMeasurement([])).metrics
    expect(empty.ok_rps).toEqual({ value: undefined, reason: 'nothing was sent' })
    expect(empty.err_rate.value).toBeUndefined()
  })

  test('the duration is that of the rounds, not of the pauses between them', () => {
    const rows = [{ latencyMs: 20 }, { latencyMs: 20, round: 1 }]
    expect(summarize(buildMeasurement(rows)).durationMs).toBeCloseTo(40, 9)
  })

  test('goodput counts what was ok within the SLO', () => {
    const rows = okRows([10, 20, 30, 960])
    const { goodput, metrics } = summarize(buildMeasurement(rows), { e2eMs: 20 })
    expect(goodput?.value).toBeCloseTo((metrics.ok_rps.value ?? 0) / 2, 9)
    expect(summarize(buildMeasurement(rows)).goodput).toBeUndefined()
  })

  test('an open loop is timed from the intended instant, its service time from the sending', () => {
    const rows = [10, 10, 10].map((lagMs) => ({ latencyMs: 20, lagMs }))
    const level = { concurrency: 4, rate: 10 }
    const { metrics, openLoop } = summarize(buildMeasurement(rows, { level, heldBack: 2 }))
    expect(metrics.p50.value).toBeCloseTo(30, 9)
    expect(openLoop?.service.p50.value).toBeCloseTo(20, 9)
    expect(openLoop?.lag.p99.value).toBeCloseTo(10, 9)
    expect(openLoop?.heldBack).toBe(2)
  })
})
