import fc from 'fast-check'
import { expect, test } from 'vitest'
import { placeChange } from '../../src/stats/place-change.ts'
import { wanderingSeries } from '../helpers/series.ts'

test('a plain step is placed exactly, far from the middle too and from a poor beginning', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 5, max: 95 }),
      fc.integer({ min: -4, max: 4 }),
      fc.double({ min: 20, max: 1e6, noNaN: true }),
      (at, off, height) => {
        const values = wanderingSeries(at, 100, 0).map((v, index) => v + (index < at ? height : 0))
        expect(placeChange(values, Math.min(95, Math.max(5, at + off)), 5)).toBe(at)
      },
    ),
  )
})

test('one huge value does not draw the change to itself', () => {
  const values = wanderingSeries('huge', 100, 0).map((v, index) => v + (index < 30 ? 0 : 10))
  values[80] = 1e9
  expect(placeChange(values, 33, 5)).toBe(30)
})

test('keeps the margin, and the place given where the medians are equal', () => {
  const early = Float64Array.from({ length: 40 }, (_, index) => (index < 3 ? 9 : 0))
  expect(placeChange(early, 5, 5)).toBe(5)
  expect(placeChange(new Float64Array(40), 17, 5)).toBe(17)
})
