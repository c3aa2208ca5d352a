import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { corpusStats } from '../../src/datasets/corpus-stats.ts'
import { allot, samplePrompts } from '../../src/datasets/sample.ts'
import type { Prompt } from '../../src/model/prompt.ts'

const CORPUS: readonly Prompt[] = Array.from({ length: 90 }, (_, index) => ({
  id: String(index),
  text: `text ${index}`,
  label: index < 30 ? 'malicious' : 'benign',
  category: `c${index % 3}`,
}))

describe('samplePrompts', () => {
  test('gives each label its share, and each category within it', () => {
    const stats = corpusStats(samplePrompts(CORPUS, { size: 18, seed: 1, balanced: false }))
    expect(stats.labels).toEqual({ malicious: 6, benign: 12 })
    expect(stats.categories.map(({ benign, malicious }) => [benign, malicious])).toEqual([
      [4, 2],
      [4, 2],
      [4, 2],
    ])
  })

  test('balanced gives both labels the same, as far as there are rows', () => {
    const labels = (size: number) =>
      corpusStats(samplePrompts(CORPUS, { size, seed: 1, balanced: true })).labels
    expect(labels(20)).toEqual({ malicious: 10, benign: 10 })
    expect(labels(80)).toEqual({ malicious: 30, benign: 50 })
  })

  test('another seed gives other rows, in the order of the corpus', () => {
    const ids = (seed: number) =>
      samplePrompts(CORPUS, { size: 18, seed, balanced: false }).map(({ id }) => Number(id))
    expect(ids(1)).toEqual(ids(1))
    expect(ids(1)).not.toEqual(ids(2))
    expect(ids(1)).toEqual(ids(1).toSorted((first, second) => first - second))
  })
})

test('allot gives all there is to give, to none more than there is of it, within one of its share', () => {
  const parts = fc.array(
    fc.record({ weight: fc.integer({ min: 1, max: 50 }), extra: fc.nat(20) }),
    {
      minLength: 1,
      maxLength: 8,
    },
  )
  fc.assert(
    fc.property(fc.nat(100), parts, (size, given) => {
      const weights = given.map(({ weight }) => weight)
      const available = given.map(({ weight, extra }) => weight + extra)
      const shares = allot(size, weights, available)
      const sum = (values: readonly number[]) => values.reduce((total, one) => total + one, 0)
      expect(sum(shares)).toBe(Math.min(size, sum(available)))
      for (const [index, share] of shares.entries()) {
        expect(share).toBeLessThanOrEqual(available[index] ?? 0)
        const exact = (size * (weights[index] ?? 0)) / sum(weights)
        // Past the weights there is no share to be near to: the rest is what is left.
        expect(size <= sum(weights) ? Math.abs(share - exact) : 0).toBeLessThan(1)
      }
    }),
  )
})
