import fc from 'fast-check'
import { expect, test } from 'vitest'
import { centredRanks, midRanks } from '../../src/stats/ranks.ts'

test('equal values share the mean of their ranks', () => {
  expect([...midRanks(Float64Array.of(30, 10, 20, 20, 40, 20))]).toEqual([5, 1, 3, 3, 6, 3])
  expect([...midRanks(Float64Array.of())]).toEqual([])
})

test('a centred rank counts the values below minus those above, halved', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -5, max: 5 }), { maxLength: 30 }), (values) => {
      const expected = values.map(
        (one) =>
          (values.filter((other) => other < one).length -
            values.filter((other) => other > one).length) /
          2,
      )
      expect([...centredRanks(Float64Array.from(values))]).toEqual(expected)
    }),
  )
})
