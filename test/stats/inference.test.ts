import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hodgesLehmann } from '../../src/stats/hodges-lehmann.ts'
import {
  detectableEffect,
  jackknife,
  meanInterval,
  ruleOfThree,
  wilson,
} from '../../src/stats/interval.ts'
import { mean, quantile, sortSample } from '../../src/stats/quantile.ts'
import { createRandom } from '../../src/stats/random.ts'
import { holm, signFlipP } from '../../src/stats/sign-flip.ts'
import { studentTCdf, studentTQuantile } from '../../src/stats/student-t.ts'
import { robustScores, slope } from '../../src/stats/trend.ts'

describe('Student’s t', () => {
  // From printed tables.
  test.each([
    [0.975, 1, 12.7062],
    [0.975, 5, 2.5706],
    [0.975, 9, 2.2622],
    [0.975, 30, 2.0423],
    [0.8, 9, 0.8834],
    [0.995, 3, 5.8409],
    [0.5, 7, 0],
  ])('the %d quantile with %d degrees of freedom is %d', (p, freedom, t) => {
    expect(studentTQuantile(p, freedom)).toBeCloseTo(t, 4)
  })

  test('quantile and distribution function undo each other', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.001, max: 0.999, noNaN: true }),
        fc.integer({ min: 1, max: 200 }),
        (p, freedom) => {
          expect(studentTCdf(studentTQuantile(p, freedom), freedom)).toBeCloseTo(p, 9)
        },
      ),
    )
  })

  test('a probability that is none is refused', () => {
    expect(() => studentTQuantile(1, 3)).toThrow('probability 1')
    expect(() => studentTQuantile(0.9, 0)).toThrow('0 degrees of freedom')
  })
})

describe('intervals', () => {
  test('the jackknife of a mean is Student’s interval of the group means', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 2, maxLength: 15 }),
        (values) => {
          const leftOut = values.map((_, left) => mean(values.filter((__, at) => at !== left)) ?? 0)
          const one = jackknife(mean(values) ?? 0, leftOut)
          const other = meanInterval(values)
          expect(one.low).toBeCloseTo(other.low, 6)
          expect(one.high).toBeCloseTo(other.high, 6)
        },
      ),
    )
  })

  test('too few groups have no spread', () => {
    expect(() => jackknife(1, [1])).toThrow('over 1 groups')
    expect(() => meanInterval([1])).toThrow('from 1 values')
  })

  test('the detectable effect of ten groups at 80 % power is 3.15 standard errors', () => {
    expect(detectableEffect(1, 10)).toBeCloseTo(3.146, 3)
  })

  test.each([
    [63, 79, 0.696, 0.8713],
    [0, 480, 0, 0.0079],
    [10, 10, 0.7225, 1],
    [5, 10, 0.2366, 0.7634],
  ])('Wilson of %d in %d', (successes, trials, low, high) => {
    const bounds = wilson(successes, trials)
    expect(bounds.low).toBeCloseTo(low, 4)
    expect(bounds.high).toBeCloseTo(high, 4)
  })

  test('Wilson always holds the share and stays within 0 and 1', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.nat(1e6), (trials, given) => {
        const successes = given % (trials + 1)
        const { low, high } = wilson(successes, trials)
        return low >= 0 && low <= successes / trials && high >= successes / trials && high <= 1
      }),
    )
  })

  test('the rule of three', () => {
    expect(ruleOfThree(300)).toBe(0.01)
    expect(ruleOfThree(1)).toBe(1)
  })
})

describe('sign flip', () => {
  const random = createRandom(1)

  test('is exact: K differences of one sign reach 2^(1-K)', () => {
    expect(signFlipP([1, 2, 3, 4, 5, 6], random)).toBe(2 ** -5)
    expect(signFlipP([-1, -1, -1, -1], random)).toBe(2 ** -3)
    expect(signFlipP([1, -1], random)).toBe(1)
    expect(signFlipP([], random)).toBe(1)
  })

  test('above 14 differences a sample of flips comes near the exact value', () => {
    const differences = Array.from({ length: 16 }, (_, index) => (index < 12 ? 1 : -1))
    // At least 12 of 16 fair coins alike: 2 * (1820 + 560 + 120 + 16 + 1) / 65536.
    expect(signFlipP(differences, random)).toBeCloseTo(0.0768, 1)
  })

  test('is uniform where nothing differs', () => {
    const normal = () => random() + random() + random() - 1.5
    const small = Array.from({ length: 1000 }, () =>
      signFlipP(Array.from({ length: 8 }, normal), random),
    ).filter((p) => p <= 0.05).length
    expect(small).toBeGreaterThan(25)
    expect(small).toBeLessThan(75)
  })

  test('Holm', () => {
    expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02])
    expect(holm([0.9, 0.8])).toEqual([1, 1])
    expect(holm([])).toEqual([])
  })

  test('Holm never makes a p smaller, and keeps their order', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (pValues) => {
        const adjusted = holm(pValues)
        return pValues.every((p, index) =>
          pValues.every(
            (other, at) =>
              (adjusted[index] ?? 0) >= p &&
              (p >= other || (adjusted[index] ?? 0) <= (adjusted[at] ?? 0)),
          ),
        )
      }),
    )
  })
})

describe('Hodges and Lehmann', () => {
  test('is the median of all averages of two', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1000, max: 1000, noNaN: true }), {
          minLength: 1,
          maxLength: 40,
        }),
        (values) => {
          const averages = values.flatMap((one, at) =>
            values.slice(at).map((other) => (one + other) / 2),
          )
          const expected = quantile(sortSample(averages), 0.5) ?? Number.NaN
          expect(hodgesLehmann(sortSample(values))).toBeCloseTo(expected, 5)
        },
      ),
    )
  })

  test('is absent for nothing', () => {
    expect(hodgesLehmann(sortSample([]))).toBeUndefined()
  })
})

describe('trend', () => {
  test('slope per step', () => {
    expect(slope([1, 3, 5, 7])).toBeCloseTo(2, 12)
    expect(slope([4])).toBe(0)
  })

  test('robust scores single out what is unlike the rest', () => {
    const scores = robustScores([10, 11, 10.5, 9.5, 30])
    expect(scores[4]).toBeGreaterThan(5)
    expect(Math.abs(scores[0] ?? 9)).toBeLessThan(2)
    expect(robustScores([1, 1, 1])).toEqual([])
  })
})
