import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { drawCount } from '../../src/datasets/draw-count.ts'
import { syntheticPrompts, withOutputTokens } from '../../src/datasets/shape-prompts.ts'
import type { CountSpec } from '../../src/model/count-spec.ts'
import { createRandom } from '../../src/stats/random.ts'

const anySpec: fc.Arbitrary<CountSpec> = fc.oneof(
  fc.nat(500).map((count): CountSpec => ({ kind: 'fixed', count: count + 1 })),
  fc
    .tuple(fc.nat(50), fc.nat(50))
    .map(([low, more]): CountSpec => ({ kind: 'uniform', low: low + 1, high: low + 1 + more })),
  fc.record({
    kind: fc.constant('normal' as const),
    mean: fc.integer({ min: 1, max: 200 }),
    deviation: fc.integer({ min: 0, max: 400 }),
  }),
  fc.record({
    kind: fc.constant('lognormal' as const),
    median: fc.integer({ min: 1, max: 200 }),
    sigma: fc.double({ min: 0, max: 3, noNaN: true }),
  }),
)

const draws = (spec: CountSpec, count = 4000) => {
  const random = createRandom(3)
  return Array.from({ length: count }, () => drawCount(spec, random))
}
const meanOf = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length

describe('a number that is drawn', () => {
  test('is a whole number of at least 1, whatever the distribution', () => {
    fc.assert(
      fc.property(anySpec, fc.integer(), (spec, seed) => {
        const count = drawCount(spec, createRandom(seed))
        expect(Number.isSafeInteger(count)).toBe(true)
        expect(count).toBeGreaterThanOrEqual(1)
      }),
    )
  })

  test('follows its distribution', () => {
    expect(new Set(draws({ kind: 'uniform', low: 3, high: 6 }))).toEqual(new Set([3, 4, 5, 6]))
    expect(meanOf(draws({ kind: 'normal', mean: 100, deviation: 10 }))).toBeCloseTo(100, -0.5)
    const sorted = draws({ kind: 'lognormal', median: 100, sigma: 0.5 })
    sorted.sort((one, other) => one - other)
    expect(Math.abs((sorted[2000] ?? 0) - 100)).toBeLessThan(5)
  })
})

describe('synthetic prompts', () => {
  const spec: CountSpec = { kind: 'uniform', low: 5, high: 40 }

  test('have four characters a token, and each its own words from the first on', () => {
    const prompts = syntheticPrompts(spec, { requests: 200, seed: 1 })
    expect(prompts).toHaveLength(200)
    for (const { text } of prompts) {
      expect(text.length % 4).toBe(0)
      expect(text.length).toBeGreaterThanOrEqual(20)
      expect(text.length).toBeLessThanOrEqual(160)
    }
    expect(new Set(prompts.map(({ text }) => text.slice(0, 20))).size).toBeGreaterThan(150)
  })

  test('are the same for the same seed, and others for another', () => {
    const shapes = { requests: 5, seed: 1 }
    expect(syntheticPrompts(spec, shapes)).toEqual(syntheticPrompts(spec, shapes))
    expect(syntheticPrompts(spec, { ...shapes, seed: 2 })).not.toEqual(
      syntheticPrompts(spec, shapes),
    )
  })

  test('are bounded in number and in all their characters', () => {
    expect(syntheticPrompts({ kind: 'fixed', count: 1 }, { requests: 1e6, seed: 1 })).toHaveLength(
      1000,
    )
    const long = syntheticPrompts({ kind: 'fixed', count: 8_000_000 }, { requests: 40, seed: 1 })
    expect(long.length).toBeLessThanOrEqual(17)
  })
})

describe('output tokens', () => {
  test('are drawn for each request of a single prompt', () => {
    const shaped = withOutputTokens(
      [{ id: 'prompt', text: 'hi' }],
      { kind: 'uniform', low: 1, high: 9 },
      { requests: 300, seed: 1 },
    )
    expect(shaped).toHaveLength(300)
    expect(new Set(shaped.map(({ maxTokens }) => maxTokens)).size).toBe(9)
    expect(shaped.every(({ text }) => text === 'hi')).toBe(true)
  })

  test('are drawn for each prompt of a dataset, none of which is lost', () => {
    const prompts = ['a', 'b', 'c'].map((id) => ({ id, text: id }))
    const shaped = withOutputTokens(prompts, { kind: 'fixed', count: 7 }, { requests: 1, seed: 1 })
    expect(shaped.map(({ id, maxTokens }) => [id, maxTokens])).toEqual([
      ['a', 7],
      ['b', 7],
      ['c', 7],
    ])
  })
})
