import { integerBelow, type Random } from './random.ts'

/** Up to this many differences all 2^K relabelings are looked at; above, a seeded sample of them. */
const MOST_EXACT = 14
const FLIPS = 10_000

/**
 * Two-sided p of the sign-flip test (Fisher 1935): the share of relabelings whose sum of differences is at least as
 * far from 0 as the one observed. Exact for up to 14 differences; its least p is 2^(1-K). 1 for an empty list.
 */
export function signFlipP(differences: readonly number[], random: Random): number {
  if (differences.length === 0) return 1
  const observed = Math.abs(differences.reduce((sum, value) => sum + value, 0))
  // Sums in another order differ by rounding; equal ones have to count as equal.
  const reached = observed - 1e-9 * differences.reduce((sum, value) => sum + Math.abs(value), 0)
  const { hits, total } =
    differences.length <= MOST_EXACT
      ? countAll(differences, reached)
      : countSome(differences, reached, random)
  return hits / total
}

function countAll(differences: readonly number[], reached: number) {
  const total = 2 ** differences.length
  let hits = 0
  for (let signs = 0; signs < total; signs += 1) {
    let sum = 0
    for (const [index, value] of differences.entries()) sum += (signs >> index) & 1 ? -value : value
    if (Math.abs(sum) >= reached) hits += 1
  }
  return { hits, total }
}

function countSome(differences: readonly number[], reached: number, random: Random) {
  // The observed labeling is one of them, which keeps p above 0.
  let hits = 1
  for (let flip = 0; flip < FLIPS; flip += 1) {
    let sum = 0
    for (const value of differences) sum += integerBelow(random, 2) === 1 ? -value : value
    if (Math.abs(sum) >= reached) hits += 1
  }
  return { hits, total: FLIPS + 1 }
}

/** Holm's step-down adjustment (Holm 1979): p-values that stay honest although several were looked at. */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((p, index) => ({ p, index })).toSorted((one, other) => one.p - other.p)
  const adjusted: number[] = Array.from({ length: pValues.length }, () => 1)
  let highest = 0
  for (const [rank, { p, index }] of order.entries()) {
    highest = Math.max(highest, Math.min(1, p * (pValues.length - rank)))
    adjusted[index] = highest
  }
  return adjusted
}
