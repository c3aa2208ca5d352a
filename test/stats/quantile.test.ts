import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mean, quantile, sortSample, withoutPart } from '../../src/stats/quantile.ts'

const sample = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), {
  minLength: 1,
  maxLength: 200,
})
const share = fc.double({ min: 0, max: 1, noNaN: true })

/** Type 7 by its definition, without shortcuts. */
function naiveQuantile(values: readonly number[], p: number): number {
  const ordered = values.toSorted((a, b) => a - b)
  const h = (ordered.length - 1) * p
  const low = ordered[Math.floor(h)] ?? 0
  const high = ordered[Math.ceil(h)] ?? 0
  return low + (high - low) * (h - Math.floor(h))
}

describe('quantile', () => {
  test('gives the values of numpy.percentile with its default method', () => {
    // numpy.percentile([15, 20, 35, 40, 50], [5, 30, 40, 50, 95]) = 16, 23, 29, 35, 48
    const values = sortSample([50, 15, 40, 20, 35])
    expect([0.05, 0.3, 0.4, 0.5, 0.95].map((p) => quantile(values, p))).toEqual([
      16,
      expect.closeTo(23, 9),
      expect.closeTo(29, 9),
      35,
      expect.closeTo(48, 9),
    ])
  })

  test('agrees with the definition', () => {
    fc.assert(
      fc.property(sample, share, (values, p) => {
        const scale = Math.max(1, ...values.map(Math.abs))
        const difference =
          (quantile(sortSample(values), p) ?? Number.NaN) - naiveQuantile(values, p)
        expect(Math.abs(difference) / scale).toBeLessThan(1e-9)
      }),
    )
  })

  test('lies within the sample and grows with p', () => {
    fc.assert(
      fc.property(sample, share, share, (values, p, q) => {
        const sorted = sortSample(values)
        const low = quantile(sorted, Math.min(p, q)) ?? Number.NaN
        const high = quantile(sorted, Math.max(p, q)) ?? Number.NaN
        expect(low).toBeGreaterThanOrEqual(Math.min(...values))
        expect(high).toBeLessThanOrEqual(Math.max(...values))
        expect(low).toBeLessThanOrEqual(high)
      }),
    )
  })

  test('is absent for an empty sample, never 0', () => {
    expect(quantile(sortSample([]), 0.5)).toBeUndefined()
    expect(mean([])).toBeUndefined()
  })

  test('refuses shares outside 0 to 1 and samples with NaN', () => {
    expect(() => quantile(sortSample([1]), 1.1)).toThrow(RangeError)
    expect(() => sortSample([1, Number.NaN])).toThrow(RangeError)
  })
})

describe('mean', () => {
  test('keeps small differences on top of a large offset', () => {
    expect(mean([1e15 + 1, 1e15 + 2, 1e15 + 3])).toBe(1e15 + 2)
  })
})

describe('withoutPart', () => {
  test('leaves what sorting the rest would give', () => {
    const value = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true }))
    fc.assert(
      fc.property(fc.array(fc.tuple(value, fc.boolean())), (marked) => {
        const taken = marked.filter(([, isTaken]) => isTaken).map(([one]) => one)
        const rest = marked.filter(([, isTaken]) => !isTaken).map(([one]) => one)
        const whole = sortSample(marked.map(([one]) => one))
        // -0 and 0 are one value to an order.
        const plain = (values: Float64Array) => Array.from(values, (one) => one + 0)
        expect(plain(withoutPart(whole, sortSample(taken)))).toEqual(plain(sortSample(rest)))
      }),
    )
  })

  test('refuses what is no part', () => {
    expect(() => withoutPart(sortSample([1, 2]), sortSample([3]))).toThrow(RangeError)
    expect(() => withoutPart(sortSample([1]), sortSample([1, 1]))).toThrow(RangeError)
  })
})
