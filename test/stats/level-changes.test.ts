import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findLevelChanges } from '../../src/stats/level-changes.ts'
import { createRandom } from '../../src/stats/random.ts'
import { wanderingSeries } from '../helpers/series.ts'

const find = (values: Float64Array) => findLevelChanges(values, createRandom('test'))

/** Series of these among `seeds` in which a change is found. */
function flagged(length: number, phi: number, seeds: number): number {
  return Array.from({ length: seeds }, (_, seed) =>
    find(wanderingSeries(`${seed}/${length}`, length, phi)),
  ).filter(({ changes }) => changes.length > 0).length
}

describe('findLevelChanges', () => {
  test('a constant shift is found within a few values of where it began', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e6 }),
        fc.integer({ min: 60, max: 340 }),
        fc.double({ min: 3, max: 1000, noNaN: true }),
        fc.boolean(),
        (seed, at, height, up) => {
          const values = wanderingSeries(seed, 400, 0).map(
            (value, index) => value + (index < at ? 0 : up ? height : -height),
          )
          const { changes } = find(values)
          expect(changes).toHaveLength(1)
          expect(Math.abs((changes[0]?.at ?? 0) - at)).toBeLessThanOrEqual(6)
          expect(changes[0]?.p).toBeLessThanOrEqual(0.001)
        },
      ),
      { numRuns: 25, seed: 1 },
    )
  })

  test('several levels are told apart, coming back to the first among them', () => {
    const levels = [0, 4, 0, -3]
    const values = wanderingSeries('levels', 1200, 0.5).map(
      (value, index) => value + (levels[Math.floor(index / 300)] ?? 0),
    )
    const { changes } = find(values)
    expect(changes).toHaveLength(3)
    for (const [index, { at }] of changes.entries()) {
      expect(Math.abs(at - 300 * (index + 1))).toBeLessThanOrEqual(10)
    }
  })

  test.each([
    [200, 0.6],
    [1000, 0],
    [1000, 0.6],
    [1000, 0.9],
  ])('200 series of %d values with phi %d and no change: at most ten are flagged', (n, phi) => {
    expect(flagged(n, phi, 200)).toBeLessThanOrEqual(10)
  })

  test('dependence widens the blocks, and a step does not', () => {
    const calm = wanderingSeries('calm', 1000, 0)
    const step = calm.map((value, index) => value + (index < 500 ? 0 : 10))
    expect(find(wanderingSeries('wide', 1000, 0.9)).blockLength).toBeGreaterThan(15)
    expect(find(step).blockLength).toBeLessThanOrEqual(6)
  })

  test('too few values are told, and nothing is found in them', () => {
    const step = Float64Array.from({ length: 40 }, (_, index) => (index < 20 ? 0 : 9) + (index % 3))
    const { changes, needs } = find(step)
    expect(changes).toEqual([])
    expect(needs).toBeGreaterThan(40)
  })

  test('as many values as it needs are enough for a plain step', () => {
    const values = wanderingSeries('short', 54, 0).map((v, index) => v + (index < 27 ? 0 : 20))
    const { changes, needs } = find(values)
    expect(needs).toBe(54)
    expect(changes.map(({ at }) => at)).toEqual([27])
  })

  test('equal values keep to one level, and so does nothing at all', () => {
    expect(find(new Float64Array(500)).changes).toEqual([])
    expect(find(new Float64Array(0)).changes).toEqual([])
  })

  test('the same series gives the same answer', () => {
    const values = wanderingSeries('same', 600, 0.7).map((v, index) => v + (index < 200 ? 2 : 0))
    expect(find(values)).toEqual(find(values))
  })
})
