import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { studentTQuantile } from '../../src/stats/student-t.ts'
import { type UncertainValue, welchDifference } from '../../src/stats/welch.ts'

const uncertain = fc.record({
  value: fc.double({ min: -1e3, max: 1e3, noNaN: true }),
  standardError: fc.double({ min: 1e-3, max: 1e2, noNaN: true }),
  freedom: fc.integer({ min: 1, max: 50 }),
})

describe('welchDifference', () => {
  test('equal spreads and equal counts have the degrees of freedom of both', () => {
    const one: UncertainValue = { value: 1, standardError: 3, freedom: 9 }
    const { low, high, standardError } = welchDifference(one, { ...one, value: 5 })
    expect(standardError).toBeCloseTo(Math.sqrt(18), 12)
    // (9 + 9)^2 / (81 / 9 + 81 / 9) = 18, and t(0.975, 18) is 2.101 in printed tables.
    expect(studentTQuantile(0.975, 18)).toBeCloseTo(2.101, 3)
    expect(high).toBeCloseTo(4 + 2.101 * Math.sqrt(18), 2)
    expect(low).toBeCloseTo(4 - 2.101 * Math.sqrt(18), 2)
  })

  test('a number that is certain leaves the interval of the other', () => {
    const sure = { value: 2, standardError: 0, freedom: 5 }
    const { low, high } = welchDifference(sure, { value: 3, standardError: 1, freedom: 5 })
    expect(high).toBeCloseTo(1 + studentTQuantile(0.975, 5), 9)
    expect(low).toBeCloseTo(1 - studentTQuantile(0.975, 5), 9)
  })

  test('two that are certain have no width', () => {
    const sure = { value: 2, standardError: 0, freedom: 5 }
    expect(welchDifference(sure, sure)).toEqual({ low: 0, high: 0, standardError: 0 })
  })

  test('turned round it is the mirror image, and as wide as one of both at least', () => {
    fc.assert(
      fc.property(uncertain, uncertain, (one, other) => {
        const there = welchDifference(one, other)
        const back = welchDifference(other, one)
        expect(back.low).toBeCloseTo(-there.high, 6)
        expect(back.high).toBeCloseTo(-there.low, 6)
        const widest = Math.max(one.standardError, other.standardError)
        expect(there.standardError).toBeGreaterThanOrEqual(widest)
        expect(there.low).toBeLessThanOrEqual(other.value - one.value)
      }),
    )
  })
})
