import { expect, test } from 'vitest'
import { dependenceLag } from '../../src/stats/dependence.ts'
import { wanderingSeries } from '../helpers/series.ts'

function meanLag(length: number, phi: number, bend = (values: Float64Array) => values): number {
  const lags = Array.from({ length: 30 }, (_, seed) =>
    dependenceLag(bend(wanderingSeries(seed, length, phi))),
  )
  return lags.reduce((sum, lag) => sum + lag, 0) / lags.length
}

test('is next to 0 for independent values, and grows with dependence', () => {
  const [none, some, much] = [0, 0.6, 0.9].map((phi) => meanLag(2000, phi))
  expect(none).toBeLessThan(0.5)
  // 0.6^k is below 2 sqrt(log10(2000) / 2000) = 0.081 from k = 5 on, 0.9^k from k = 24 on.
  expect(some).toBeGreaterThan(3)
  expect(some).toBeLessThan(7)
  expect(much).toBeGreaterThan(10)
  expect(much).toBeLessThan(30)
})

test('a step is no dependence, nor are a few huge values', () => {
  const step = (values: Float64Array) =>
    values.map((value, index) => value + (index < values.length / 3 ? 5 : 0))
  const spikes = (values: Float64Array) =>
    values.map((value, index) => (index % 97 === 0 ? value + 1e6 : value))
  expect(meanLag(1000, 0, step)).toBeLessThan(0.5)
  expect(meanLag(1000, 0, spikes)).toBeLessThan(0.5)
})

test('a series without spread, or without values, has none', () => {
  expect(dependenceLag(new Float64Array(100))).toBe(0)
  expect(dependenceLag(new Float64Array(0))).toBe(0)
})
