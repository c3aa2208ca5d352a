import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { pettitt } from '../../src/stats/pettitt.ts'

/** Page's series of 1955, on which Pettitt shows his test. */
const PAGE = [
  -1.05, 0.96, 1.22, 0.58, -0.98, -0.03, -1.54, -0.71, -0.35, 0.66, 0.44, 0.91, -0.02, -1.42, 1.26,
  -1.02, -0.81, 1.66, 1.05, 0.97, 2.14, 1.22, -0.24, 1.6, 0.72, -0.12, 0.44, 0.03, 0.66, 0.56, 1.37,
  1.66, 0.1, 0.8, 1.29, 0.49, -0.07, 1.18, 3.29, 1.84,
]

/** Annual flow of the Nile at Aswan, 1871 to 1970: it fell when the dam was begun, after 1898. */
const NILE = [
  1120, 1160, 963, 1210, 1160, 1160, 813, 1230, 1370, 1140, 995, 935, 1110, 994, 1020, 960, 1180,
  799, 958, 1140, 1100, 1210, 1150, 1250, 1260, 1220, 1030, 1100, 774, 840, 874, 694, 940, 833, 701,
  916, 692, 1020, 1050, 969, 831, 726, 456, 824, 702, 1120, 1100, 832, 764, 821, 768, 845, 864, 862,
  698, 845, 744, 796, 1040, 759, 781, 865, 845, 944, 984, 897, 822, 1010, 771, 676, 649, 846, 812,
  742, 801, 1040, 860, 874, 848, 890, 744, 749, 838, 1050, 918, 986, 797, 923, 975, 815, 1020, 906,
  901, 1170, 912, 746, 919, 718, 714, 740,
]

/** U(t) by its definition, over all pairs. */
function naiveU(values: readonly number[], before: number): number {
  return values
    .slice(0, before)
    .flatMap((one) => values.slice(before).map((other) => Math.sign(one - other)))
    .reduce((sum, sign) => sum + sign, 0)
}

describe('Pettitt’s test', () => {
  test('gives the published answer for Page’s series: K = 232 after the 17th value', () => {
    const change = pettitt(Float64Array.from(PAGE))
    expect(change).toMatchObject({ at: 17, statistic: 232 })
    expect(change?.p).toBeCloseTo(0.01456, 5)
  })

  test('finds the year of the dam in the Nile’s flow', () => {
    const change = pettitt(Float64Array.from(NILE))
    expect(1871 + (change?.at ?? 0) - 1).toBe(1898)
    expect(change?.statistic).toBe(1617)
    expect(change?.p).toBeCloseTo(3.591e-7, 10)
  })

  test('is the largest |U| by its definition, ties among the values or not', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 2, maxLength: 25 }),
        (values) => {
          const all = values.slice(1).map((_, index) => Math.abs(naiveU(values, index + 1)))
          const change = pettitt(Float64Array.from(values))
          expect(change?.statistic).toBe(Math.max(...all))
          expect(all[(change?.at ?? 0) - 1]).toBe(change?.statistic)
        },
      ),
    )
  })

  test('does not see what only bends the scale', () => {
    const bent = Float64Array.from(PAGE, (value) => Math.exp(5 * value))
    expect(pettitt(bent)).toEqual(pettitt(Float64Array.from(PAGE)))
  })

  test('keeps the margin on both sides', () => {
    const late = Float64Array.from({ length: 20 }, (_, index) => (index === 19 ? 9 : 0))
    expect(pettitt(late, 5)?.at).toBe(15)
    expect(pettitt(late, 10)?.at).toBe(10)
    expect(pettitt(late, 11)).toBeUndefined()
    expect(pettitt(Float64Array.of(1))).toBeUndefined()
  })

  test('equal values have p = 1', () => {
    expect(pettitt(new Float64Array(30))).toMatchObject({ statistic: 0, p: 1 })
  })
})
