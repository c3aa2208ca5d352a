import { expect, test } from 'vitest'
import { blockPermutationP } from '../../src/stats/block-permutation.ts'
import { createRandom } from '../../src/stats/random.ts'
import { wanderingSeries } from '../helpers/series.ts'

const p = (values: Float64Array, blockLength: number, enough = 1) =>
  blockPermutationP(values, blockLength, enough, createRandom(1))

test('a plain step has the least p, and so has one that goes back', () => {
  const noise = wanderingSeries('step', 400, 0)
  const up = noise.map((value, index) => value + (index < 150 ? 0 : 3))
  const back = noise.map((value, index) => value + (index >= 130 && index < 260 ? 3 : 0))
  expect(p(up, 5)).toBe(1 / 10_000)
  expect(p(back, 5)).toBe(1 / 10_000)
})

test('is uniform where nothing changes', () => {
  const small = Array.from({ length: 300 }, (_, seed) => p(wanderingSeries(seed, 90, 0), 3, 0.1))
  const below = small.filter((one) => one <= 0.1).length
  expect(below).toBeGreaterThan(15)
  expect(below).toBeLessThan(45)
})

test('blocks longer than the dependence keep it honest, single values do not', () => {
  const flagged = (blockLength: number) =>
    Array.from({ length: 30 }, (_, seed) =>
      p(wanderingSeries(seed, 120, 0.8), blockLength, 0.05),
    ).filter((one) => one <= 0.05).length
  expect(flagged(12)).toBeLessThanOrEqual(4)
  expect(flagged(1)).toBeGreaterThan(15)
})

test('fewer than two blocks say nothing, and equal values have p = 1', () => {
  expect(p(wanderingSeries(1, 30, 0), 20)).toBe(1)
  expect(p(new Float64Array(100), 5)).toBe(1)
})

test('stops early above the p asked for, on the same side of it', () => {
  const values = wanderingSeries('early', 200, 0)
  expect(p(values, 3, 0.001)).toBeGreaterThan(0.001)
  expect(p(values, 3)).toBeGreaterThan(0.001)
})
