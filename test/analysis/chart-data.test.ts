import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chartsOf, thinned } from '../../src/analysis/chart-data.ts'
import { sortSample } from '../../src/stats/quantile.ts'
import { buildMeasurement, okRows, roundRows } from '../helpers/measurement-builder.ts'

const latencies = fc.array(fc.double({ min: 0.01, max: 1e5, noNaN: true }), {
  minLength: 1,
  maxLength: 3000,
})

describe('a thinned distribution', () => {
  test('lies on the distribution, from the least value to the greatest, within its limit', () => {
    fc.assert(
      fc.property(latencies, fc.integer({ min: 10, max: 400 }), (values, most) => {
        const sorted = sortSample(values)
        const points = thinned(sorted, most)
        expect(points.length).toBeLessThanOrEqual(Math.max(2, most))
        expect(points.length).toBe(Math.min(sorted.length, points.length))
        expect([points[0]?.ms, points.at(-1)?.ms]).toEqual([sorted[0], sorted.at(-1)])
        const ranks = points.map(({ share }) => Math.round(share * sorted.length - 0.5))
        expect(points.map(({ ms }) => ms)).toEqual(ranks.map((rank) => sorted[rank]))
        expect(new Set(ranks).size).toBe(ranks.length)
        expect(ranks.every((rank, index) => index === 0 || rank > (ranks[index - 1] ?? 0))).toBe(
          true,
        )
      }),
      { numRuns: 50 },
    )
  })

  test('keeps every point of a small sample', () => {
    expect(thinned(sortSample([3, 1, 2]), 400).map(({ ms }) => ms)).toEqual([1, 2, 3])
  })

  test('keeps the tail: of a million a hundred points lie beyond p99, and the slowest ten all', () => {
    const sorted = sortSample(Float64Array.from({ length: 1_000_000 }, (_, index) => index))
    const points = thinned(sorted, 400)
    expect(points.filter(({ share }) => share > 0.99).length).toBeGreaterThan(100)
    expect(points.slice(-10).map(({ ms }) => ms)).toEqual(
      Array.from({ length: 10 }, (_, index) => 999_990 + index),
    )
    // Nowhere in the body is a gap wider than a hundredth of the requests.
    const gaps = points.map(({ share }, index) => share - (points[index - 1]?.share ?? 0))
    expect(Math.max(...gaps)).toBeLessThan(0.01)
  })
})

describe('a timeline', () => {
  const timelineOf = (...measurements: Parameters<typeof chartsOf>[0]) =>
    chartsOf(measurements).timelines.value ?? []

  test('has bins that hold every ok request once, and none over the edge of a round', () => {
    const rows = [
      ...roundRows(4, 100, (round) => 10 + round),
      { outcome: 'refused', round: 3 } as const,
    ]
    const [timeline] = timelineOf(buildMeasurement(rows))
    const bins = timeline?.lines[0]?.bins ?? []
    expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(400)
    // In each round all latencies are equal: a bin over an edge would have a p95 that is not its p50.
    expect(bins.map(({ p50, p95 }) => [p50, p95.value])).toEqual(
      [10, 11, 12, 13].flatMap((ms) => Array.from({ length: 5 }, () => [ms, ms])),
    )
    expect(timeline?.roundsAt).toEqual([0, 2000, 4000, 6000])
  })

  test('shows a drift', () => {
    const drifting = roundRows(4, 100, (_, sequence) => 10 + sequence / 10)
    const bins = timelineOf(buildMeasurement(drifting))[0]?.lines[0]?.bins ?? []
    const medians = bins.map(({ p50 }) => p50)
    expect(medians).toEqual(medians.toSorted((one, other) => one - other))
    expect((medians.at(-1) ?? 0) - (medians[0] ?? 0)).toBeGreaterThan(30)
  })

  test('has no more bins than can be told apart, however many rounds there are', () => {
    const [timeline] = timelineOf(buildMeasurement(roundRows(500, 4, () => 10)))
    const bins = timeline?.lines[0]?.bins ?? []
    expect(bins.length).toBeLessThanOrEqual(60)
    expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(2000)
  })

  test('has no p95 of a handful, and says what it needs', () => {
    const [timeline] = timelineOf(buildMeasurement(okRows([1, 2, 3])))
    expect(timeline?.lines[0]?.bins[0]?.p95.reason).toBe('needs 20')
  })

  test('of nothing is none', () => {
    expect(chartsOf([buildMeasurement([])])).toEqual({
      distributions: [],
      timelines: { value: [] },
    })
  })
})
