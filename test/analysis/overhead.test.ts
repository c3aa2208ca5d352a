import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareMeasurements } from '../../src/analysis/overhead.ts'
import type { ComparedMetric, Overhead } from '../../src/model/summary.ts'
import { createRandom } from '../../src/stats/random.ts'
import { buildMeasurement, okRows, roundRows } from '../helpers/measurement-builder.ts'

const random = createRandom(7)

function rowOf(overhead: Overhead, metric: ComparedMetric) {
  const row = overhead.rows.find((one) => one.metric === metric)
  if (row === undefined) throw new Error(`no row ${metric}`)
  return row
}

/** 8 rounds of 60 with a drift that both sides see, and `added` ms on the candidate. */
function drifting(added: number) {
  const noise = () => random() * 2
  const drift = (round: number) => 50 + 30 * Math.sin(round)
  const before = roundRows(8, 60, (round) => drift(round) + noise())
  const after = roundRows(8, 60, (round) => drift(round) + noise() + added)
  return compareMeasurements(
    buildMeasurement(before, { endpoint: 'direct' }),
    buildMeasurement(after, { endpoint: 'proxy' }),
    { order: 'rounds' },
  )
}

describe('compareMeasurements', () => {
  test('is the difference of each metric, candidate minus baseline', () => {
    const overhead = compareMeasurements(
      buildMeasurement(okRows(Array.from({ length: 20 }, () => 10)), { endpoint: 'direct' }),
      buildMeasurement(okRows(Array.from({ length: 20 }, () => 15.5)), { endpoint: 'proxy' }),
      { order: 'sequential' },
    )
    expect(overhead.rows.map(({ metric }) => metric)).toEqual([
      'ok_rps',
      'mean',
      'p50',
      'p95',
      'p99',
      'err_rate',
    ])
    expect(rowOf(overhead, 'mean').delta.value).toBeCloseTo(5.5, 9)
    expect(rowOf(overhead, 'mean').ratio.value).toBeCloseTo(1.55, 9)
  })

  test('drift that both sides see does not widen the interval of what differs', () => {
    const mean = rowOf(drifting(3), 'mean')
    expect(mean.delta.value).toBeCloseTo(3, 0)
    expect(mean.interval.value?.low).toBeGreaterThan(2.5)
    expect(mean.interval.value?.high).toBeLessThan(3.5)
    expect(mean.interval.value?.method).toBe('jackknife')
    expect(mean.pValue.value).toBe(2 ** -7)
    expect(mean.detectable.value).toBeGreaterThan(0)
    expect(mean.detectable.value).toBeLessThan(1)
  })

  test('without a difference the interval holds 0', () => {
    const mean = rowOf(drifting(0), 'mean')
    expect(mean.interval.value?.low).toBeLessThan(0)
    expect(mean.interval.value?.high).toBeGreaterThan(0)
  })

  test('a percentile without ten samples beyond it says how many it needs', () => {
    const overhead = drifting(1)
    expect(rowOf(overhead, 'p95').delta.value).toBeDefined()
    expect(rowOf(overhead, 'p99').delta).toEqual({ value: undefined, reason: 'needs 1000' })
    expect(rowOf(overhead, 'p99').baseline.value).toBeUndefined()
  })

  test('sequential and too few rounds have a delta but no interval, with the reason', () => {
    const side = () => buildMeasurement(roundRows(2, 30, () => 10))
    const sequential = compareMeasurements(side(), side(), { order: 'sequential' })
    expect(rowOf(sequential, 'mean').interval.reason).toContain('--order sequential')
    const short = compareMeasurements(side(), side(), { order: 'rounds' })
    expect(rowOf(short, 'mean').delta.value).toBe(0)
    expect(rowOf(short, 'mean').interval.reason).toContain('2 rounds are too few')
  })

  test('a side without success has no delta', () => {
    const dead = buildMeasurement([{ outcome: 'refused' }], { endpoint: 'proxy' })
    const overhead = compareMeasurements(buildMeasurement(okRows([1, 2])), dead, {
      order: 'sequential',
    })
    expect(rowOf(overhead, 'p50').delta).toEqual({ value: undefined, reason: 'needs 20' })
  })

  test('only pairs with both sides ok enter the latencies; error rates count all', () => {
    const before = roundRows(6, 20, () => 10)
    const after = roundRows(6, 20, () => 12).map((row) =>
      // The slow half fails at the proxy: the survivors alone would make it look fast.
      row.sequence !== undefined && row.sequence % 2 === 0
        ? { ...row, outcome: 'http-error' as const, status: 500, latencyMs: 1 }
        : row,
    )
    const slowHalf = before.map((row) =>
      row.sequence !== undefined && row.sequence % 2 === 0 ? { ...row, latencyMs: 40 } : row,
    )
    const overhead = compareMeasurements(buildMeasurement(slowHalf), buildMeasurement(after), {
      order: 'rounds',
    })
    expect(overhead.pairsLeftOut).toBe(60)
    expect(rowOf(overhead, 'mean').delta.value).toBeCloseTo(2, 9)
    expect(rowOf(overhead, 'err_rate').delta.value).toBe(0.5)
    expect(overhead.paired.pairs).toBe(60)
    expect(overhead.paired.typical.value).toBeCloseTo(2, 6)
  })

  test('with no error anywhere the error rate is bounded by the rule of three', () => {
    const { interval } = rowOf(drifting(1), 'err_rate')
    expect(interval.value).toEqual({ low: -3 / 480, high: 3 / 480, method: 'rule-of-three' })
  })

  test('paired order has no throughput interval: both sides share a clock', () => {
    const side = () => buildMeasurement(roundRows(6, 20, (_, sequence) => 10 + (sequence % 3)))
    const overhead = compareMeasurements(side(), side(), { order: 'paired' })
    expect(rowOf(overhead, 'ok_rps').interval.reason).toContain('--order paired')
    expect(rowOf(overhead, 'mean').interval.value).toBeDefined()
  })

  test('a constant added to every answer is found exactly, whatever the latencies', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 1, max: 1000, noNaN: true }), { minLength: 20, maxLength: 80 }),
        fc.double({ min: 0, max: 100, noNaN: true }),
        (latencies, added) => {
          const rows = (plus: number) =>
            latencies.map((latencyMs, sequence) => ({
              sequence,
              round: Math.floor((sequence * 4) / latencies.length),
              latencyMs: latencyMs + plus,
            }))
          const { rows: compared, paired } = compareMeasurements(
            buildMeasurement(rows(0)),
            buildMeasurement(rows(added)),
            { order: 'rounds' },
          )
          const mean = compared.find(({ metric }) => metric === 'mean')
          expect(mean?.delta.value).toBeCloseTo(added, 6)
          expect(paired.typical.value).toBeCloseTo(added, 6)
          expect(paired.interval.value?.low).toBeCloseTo(added, 6)
        },
      ),
      { numRuns: 50 },
    )
  })
})
