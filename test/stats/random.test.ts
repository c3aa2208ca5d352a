import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { drawGamma, drawLognormal, drawNormal } from '../../src/stats/distribution.ts'
import { createRandom, hashText, integerBelow, shuffle } from '../../src/stats/random.ts'

function draws(count: number, draw: () => number): number[] {
  return Array.from({ length: count }, draw)
}

function moments(values: readonly number[]) {
  const average = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - average) ** 2, 0) / values.length
  return { average, deviation: Math.sqrt(variance) }
}

describe('createRandom', () => {
  test('gives these numbers for seed 1, on every platform', () => {
    const random = createRandom(1)
    expect(draws(3, random)).toMatchInlineSnapshot(`
      [
        0.5544560607522726,
        0.1473778139334172,
        0.410821158438921,
      ]
    `)
  })

  test('gives other numbers for another seed', () => {
    expect(draws(5, createRandom(1))).not.toEqual(draws(5, createRandom(2)))
  })

  test('is uniform: ten bins of 100,000 draws differ from a tenth by under 1 %', () => {
    const random = createRandom('bins')
    const bins = Array.from({ length: 10 }, () => 0)
    for (let index = 0; index < 100_000; index += 1) {
      const bin = integerBelow(random, 10)
      bins[bin] = (bins[bin] ?? 0) + 1
    }
    for (const count of bins) expect(Math.abs(count - 10_000)).toBeLessThan(400)
  })
})

describe('hashText', () => {
  test('is FNV-1a', () => {
    // Published test vectors of the 32-bit hash.
    expect(hashText('')).toBe(0x811c9dc5)
    expect(hashText('a')).toBe(0xe40c292c)
    expect(hashText('foobar')).toBe(0xbf9cf968)
  })
})

describe('shuffle', () => {
  test('permutes, the same way for the same seed', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.integer(), (items, seed) => {
        const shuffled = shuffle(items, createRandom(seed))
        expect(shuffled.toSorted((a, b) => a - b)).toEqual(items.toSorted((a, b) => a - b))
        expect(shuffle(items, createRandom(seed))).toEqual(shuffled)
      }),
    )
  })
})

describe('distributions', () => {
  test('normal: mean 0, deviation 1', () => {
    const random = createRandom('normal')
    const { average, deviation } = moments(draws(50_000, () => drawNormal(random)))
    expect(average).toBeCloseTo(0, 1)
    expect(deviation).toBeCloseTo(1, 1)
  })

  test('lognormal: half the draws are below the median', () => {
    const random = createRandom('lognormal')
    const below = draws(50_000, () => drawLognormal(random, 20, 0.3)).filter((ms) => ms < 20)
    expect(below.length / 50_000).toBeCloseTo(0.5, 1)
  })

  test.each([0.5, 1, 2, 9])(
    'gamma of shape %d: mean as given, deviation mean / sqrt(shape)',
    (shape) => {
      const random = createRandom(`gamma ${shape}`)
      const { average, deviation } = moments(draws(50_000, () => drawGamma(random, 20, shape)))
      expect(average / 20).toBeCloseTo(1, 1)
      expect(deviation / (20 / Math.sqrt(shape))).toBeCloseTo(1, 1)
    },
  )
})
