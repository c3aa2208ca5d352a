import { describe, expect, test } from 'vitest'
import { comparePairs } from '../../src/analysis/compare-pairs.ts'
import { compareMeasurements } from '../../src/analysis/overhead.ts'
import { replay } from '../../src/analysis/replay.ts'
import type { Comparison } from '../../src/model/summary.ts'
import { buildMeasurement } from '../helpers/measurement-builder.ts'
import { wanderingSeries } from '../helpers/series.ts'
import { steppedPairs } from '../helpers/stepped-pairs.ts'

function rowOf({ rows }: Comparison, metric: string) {
  const row = rows.find((one) => one.metric === metric)
  if (row === undefined) throw new Error(`no row ${metric}`)
  return row
}

describe('comparePairs', () => {
  test('gives what a paired run of the same latencies in the same rounds gives', () => {
    const { baseline, candidate } = steppedPairs({ count: 303, added: [7, 7], spread: 20 })
    const rounds = 6
    // As equal as can be: 50 or 51 pairs each.
    const starts = [0, 50, 101, 151, 202, 252]
    const run = (latencies: Float64Array, endpoint: string) =>
      buildMeasurement(
        Array.from(latencies, (latencyMs, sequence) => ({
          sequence,
          round: starts.findLastIndex((start) => start <= sequence),
          latencyMs,
        })),
        { endpoint },
      )
    const measuredHere = compareMeasurements(run(baseline, 'direct'), run(candidate, 'proxy'), {
      order: 'paired',
    })
    const { rows, paired } = comparePairs({ baseline, candidate }, rounds)
    expect(rows.map(({ metric }) => metric)).toEqual(['mean', 'p50', 'p95', 'p99'])
    for (const { metric, delta, interval, detectable, pValue } of rows) {
      const other = rowOf(measuredHere, metric)
      expect(delta.reason).toBe(other.delta.reason)
      expect(delta.value ?? 0).toBeCloseTo(other.delta.value ?? 0, 6)
      expect(interval.value?.low ?? 0).toBeCloseTo(other.interval.value?.low ?? 0, 6)
      expect(interval.value?.high ?? 0).toBeCloseTo(other.interval.value?.high ?? 0, 6)
      expect(detectable.value ?? 0).toBeCloseTo(other.detectable.value ?? 0, 6)
      expect(pValue).toEqual(other.pValue)
    }
    expect(paired.typical.value).toBeCloseTo(measuredHere.paired.typical.value ?? 0, 5)
    expect(paired.interval.value?.low).toBeCloseTo(measuredHere.paired.interval.value?.low ?? 0, 5)
  })

  test.each([
    [3, 10, '3 rounds are too few, an interval needs 4; measure more pairs'],
    [100, 1, '1 round is too few, an interval needs 4; raise --rounds'],
    [100, 2, '2 rounds are too few, an interval needs 4; raise --rounds'],
  ])('%d pairs in %d rounds have no interval, with the way out', (count, rounds, reason) => {
    const { rows, paired } = comparePairs(steppedPairs({ count, added: [1, 1] }), rounds)
    expect(rows[0]?.delta.value).toBeDefined()
    expect(rows[0]?.interval.reason).toBe(reason)
    expect(paired.interval.reason).toBe(reason)
  })
})

describe('replay', () => {
  test('one level: the pooled comparison, and no change', () => {
    const result = replay(steppedPairs({ count: 2000, added: [50, 50] }), 10)
    expect(result.changes.value).toEqual([])
    expect(result.regimes).toHaveLength(1)
    expect(result.pooled).toBe(result.regimes[0]?.comparison)
    expect(rowOf(result.pooled, 'mean').interval.value?.low).toBeLessThan(50)
    expect(rowOf(result.pooled, 'mean').interval.value?.high).toBeGreaterThan(50)
    expect(result.pooled.rounds).toBe(10)
  })

  test('a step in 8,000 pairs: found to the row, and no pooled number', () => {
    const pairs = steppedPairs({ count: 8000, changesAt: 3388, added: [14_385, -412] })
    const result = replay(pairs, 10)
    const [change, ...more] = result.changes.value ?? []
    expect(more).toEqual([])
    expect(change?.row).toBe(3388)
    expect(change?.medianBefore).toBeCloseTo(14_385, -2)
    expect(change?.medianAfter).toBeCloseTo(-412, -2)
    expect(change?.p).toBeLessThanOrEqual(0.001)
    expect(result.regimes.map(({ firstRow, lastRow }) => [firstRow, lastRow])).toEqual([
      [1, 3387],
      [3388, 8000],
    ])
    const [before, after] = result.regimes.map(({ comparison }) => rowOf(comparison, 'mean').delta)
    expect(before?.value).toBeCloseTo(14_385, -2)
    expect(after?.value).toBeCloseTo(-412, -2)
    for (const row of result.pooled.rows) {
      expect(row.baseline.value).toBeUndefined()
      expect(row.delta.value).toBeUndefined()
      expect(row.delta.reason).toContain('2 levels one after the other')
      expect(row.interval.value).toBeUndefined()
    }
    expect(result.pooled.paired.typical.value).toBeUndefined()
    expect(result.pooled.paired.pairs).toBe(8000)
  })

  test('rows are those of the file, whatever was left out', () => {
    const pairs = steppedPairs({ count: 400, changesAt: 201, added: [0, 4000] })
    const rows = pairs.rows.map((row) => row * 2)
    const result = replay({ ...pairs, rows, leftOut: 400 }, 10)
    expect(result.changes.value?.map(({ row }) => row)).toEqual([402])
    expect(result.regimes.map(({ firstRow, lastRow }) => [firstRow, lastRow])).toEqual([
      [2, 400],
      [402, 800],
    ])
    expect(result.leftOut).toBe(400)
  })

  test('a change of both sides at once is no change of overhead', () => {
    const { baseline, candidate, ...rest } = steppedPairs({ count: 600, added: [20, 20] })
    const upstream = (value: number, index: number) => value + (index < 300 ? 0 : 5000)
    const moved = { baseline: baseline.map(upstream), candidate: candidate.map(upstream) }
    expect(replay({ ...moved, ...rest }, 10).changes.value).toEqual([])
  })

  test('of 200 runs that wander and do not change at most ten are inconclusive', () => {
    const flagged = Array.from({ length: 200 }, (_, seed) => {
      const baseline = wanderingSeries(`${seed}/d`, 500, 0.7).map((value) => 100 + value)
      const candidate = wanderingSeries(`${seed}/p`, 500, 0.7).map((value) => 105 + value)
      const rows = Uint32Array.from(baseline.keys(), (index) => index + 1)
      return replay({ baseline, candidate, rows, leftOut: 0 }, 4).regimes.length
    }).filter((regimes) => regimes > 1)
    expect(flagged.length).toBeLessThanOrEqual(10)
  }, 30_000)

  test('too few pairs to look for a change are told', () => {
    const result = replay(steppedPairs({ count: 30, added: [0, 0] }), 10)
    expect(result.changes.reason).toMatch(/fewer than 54 pairs, and there are 30/)
    expect(result.regimes).toHaveLength(1)
  })

  test('no pairs at all are refused', () => {
    expect(() => replay(steppedPairs({ count: 0, added: [0, 0] }), 10)).toThrow('no pairs')
  })
})
