import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { drawNormal } from '../../src/stats/distribution.ts'
import { createRandom } from '../../src/stats/random.ts'
import { neighbourCorrelation, serialCorrection } from '../../src/stats/serial-correlation.ts'

/** A first-order autoregression of unit variance. */
function series(correlation: number, count: number, seed: number): number[] {
  const random = createRandom(`series/${seed}`)
  let value = drawNormal(random)
  return Array.from({ length: count }, () => {
    const now = value
    value = correlation * value + Math.sqrt(1 - correlation ** 2) * drawNormal(random)
    return now
  })
}

describe('neighbourCorrelation', () => {
  test.each([0, 0.3, 0.6])('of long series with %d', (correlation) => {
    expect(neighbourCorrelation(series(correlation, 20_000, 1))).toBeCloseTo(correlation, 1)
  })

  test('of a series by hand', () => {
    // Deviations -1.5, -0.5, 0.5, 1.5: products 0.75 - 0.25 + 0.75 over squares 5, so 0.25; and (1 + 0.75) / 4.
    expect(neighbourCorrelation([1, 2, 3, 4])).toBeCloseTo(0.25 + 1.75 / 4, 12)
  })

  test('of what is constant, alternates or is a single value is none', () => {
    expect(neighbourCorrelation([3, 3, 3, 3])).toBe(0)
    expect(neighbourCorrelation([1, -1, 1, -1, 1, -1])).toBe(0)
    expect(neighbourCorrelation([1])).toBe(0)
  })

  test('is from 0 to 0.8 whatever the values, and none of their unit', () => {
    const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 2 })
    fc.assert(
      fc.property(values, (given) => {
        const correlation = neighbourCorrelation(given)
        expect(correlation).toBeGreaterThanOrEqual(0)
        expect(correlation).toBeLessThanOrEqual(0.8)
        // Turned round in sign and scaled by a power of 2, which rounds nothing.
        expect(neighbourCorrelation(given.map((value) => -4 * value))).toBe(correlation)
      }),
    )
  })
})

test('the correction makes the error of a mean of ten as large as it is', () => {
  const runs = 4000
  let squares = 0
  let corrected = 0
  for (let run = 0; run < runs; run += 1) {
    const values = series(0.5, 10, run)
    const centre = values.reduce((sum, value) => sum + value, 0) / 10
    const variance = values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / 9
    squares += centre ** 2
    corrected += (variance / 10) * serialCorrection(values).factor ** 2
  }
  // Uncorrected it is a third of the truth. A short series cannot tell all of it.
  expect(corrected / squares).toBeGreaterThan(0.65)
  expect(corrected / squares).toBeLessThan(1.3)
})

test('fewer values count, two at least', () => {
  expect(serialCorrection([1, -1, 1, -1, 1, -1])).toEqual({ factor: 1, freedom: 5 })
  expect(serialCorrection([1, 2, 3, 4, 5]).freedom).toBe(2)
})
