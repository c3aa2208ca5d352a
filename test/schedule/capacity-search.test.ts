import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  advanceSearch,
  beginSearch,
  type CapacitySearch,
} from '../../src/schedule/capacity-search.ts'
import { createRandom } from '../../src/stats/random.ts'

function search(start: number, passes: (rate: number) => boolean): CapacitySearch {
  let state = beginSearch(start)
  while (state.state === 'searching') state = advanceSearch(state, passes(state.next))
  return state
}

describe('capacity search', () => {
  test('finds the capacity of a server that keeps up to a rate and no further', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.5, max: 5000, noNaN: true }),
        fc.double({ min: 0.5, max: 5000, noNaN: true }),
        (capacity, start) => {
          const found = search(start, (rate) => rate <= capacity)
          expect(found.state).toBe('settled')
          expect(found.passed).toBeLessThanOrEqual(capacity)
          expect(found.passed).toBeGreaterThan(capacity / 1.06)
        },
      ),
    )
  })

  test('settles near the edge of a server that is uncertain there', () => {
    const random = createRandom(1)
    const found = Array.from({ length: 200 }, () =>
      search(10, (rate) => random() < 1 / (1 + (rate / 100) ** 40)),
    )
    const settled = found.filter(({ state }) => state === 'settled')
    expect(settled.length).toBeGreaterThan(190)
    for (const { passed } of settled) {
      expect(passed).toBeGreaterThan(80)
      expect(passed).toBeLessThan(120)
    }
  })

  test('gives up where no rate passes, and never runs for ever', () => {
    expect(search(10, () => false)).toMatchObject({ state: 'given-up', passed: 0 })
    expect(search(10, () => true).state).toBe('given-up')
  })
})
