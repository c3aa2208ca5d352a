import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mcnemarP } from '../../src/stats/mcnemar.ts'

/** Two-sided binomial by counting, in whole numbers. */
function byCounting(gained: number, lost: number): number {
  const n = gained + lost
  let term = 1n
  let tail = 0n
  for (let k = 0; k <= Math.min(gained, lost); k += 1) {
    tail += term
    term = (term * BigInt(n - k)) / BigInt(k + 1)
  }
  // Scaled, so that the quotient of whole numbers keeps its digits.
  return Math.min(1, Number((2n * tail * 10n ** 18n) / 2n ** BigInt(n)) / 1e18)
}

describe('mcnemarP', () => {
  test.each([
    [0, 0, 1],
    [3, 3, 1],
    [0, 1, 1],
    [0, 5, 0.0625],
    [0, 6, 0.03125],
    // Binomial tables: P(X <= 1) of 10 is 0.0107, P(X <= 2) of 12 is 0.0193.
    [1, 9, 0.021484375],
    [10, 2, 0.03857421875],
  ])('%d one way and %d the other', (gained, lost, p) => {
    expect(mcnemarP(gained, lost)).toBeCloseTo(p, 10)
  })

  test('is the binomial sum, symmetric, and at most 1', () => {
    fc.assert(
      fc.property(fc.nat(200), fc.nat(200), (gained, lost) => {
        const p = mcnemarP(gained, lost)
        expect(p).toBeCloseTo(byCounting(gained, lost), 9)
        expect(p).toBe(mcnemarP(lost, gained))
        expect(p).toBeLessThanOrEqual(1)
      }),
    )
  })
})
