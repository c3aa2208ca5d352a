import { integerBelow, type Random } from './random.ts'
import { centredRanks } from './ranks.ts'

const PERMUTATIONS = 9999

/** More blocks cost time and add next to no power. */
const MOST_BLOCKS = 1000

/**
 * p of "the level never changes" for a series whose values resemble each other within `blockLength`: the share of
 * 9,999 random orders of whole blocks whose running sum of ranks strays as far as the series' own (Kirch 2007, "Block
 * permutation principles for the change analysis of dependent data"). How far is the range from the lowest to the
 * highest point, as in Kuiper's test: a level that goes up and comes back strays as far as one that stays up, which
 * the greatest distance from 0 would miss. A p above `enough` is only known to be above it.
 */
export function blockPermutationP(
  values: Float64Array,
  blockLength: number,
  enough: number,
  random: Random,
): number {
  const sums = blockSums(values, blockLength)
  if (sums.length < 2) return 1
  // Sums in another order differ by rounding; equal ones have to count as equal.
  const observed = straying(sums) * (1 - 1e-9)
  let hits = 1
  for (let done = 1; done <= PERMUTATIONS; done += 1) {
    shuffleInPlace(sums, random)
    if (straying(sums) >= observed) hits += 1
    if (hits > enough * (PERMUTATIONS + 1)) return hits / (done + 1)
  }
  return hits / (PERMUTATIONS + 1)
}

/** Sums of centred ranks over consecutive blocks of nearly equal length. */
function blockSums(values: Float64Array, blockLength: number): Float64Array {
  const ranks = centredRanks(values)
  const blocks = Math.min(MOST_BLOCKS, Math.floor(values.length / Math.max(1, blockLength)))
  const sums = new Float64Array(blocks)
  for (let block = 0; block < blocks; block += 1) {
    const start = Math.floor((values.length * block) / blocks)
    const end = Math.floor((values.length * (block + 1)) / blocks)
    for (let index = start; index < end; index += 1) {
      sums[block] = (sums[block] ?? 0) + (ranks[index] ?? 0)
    }
  }
  return sums
}

function straying(sums: Float64Array): number {
  let sum = 0
  let low = 0
  let high = 0
  for (const value of sums) {
    sum += value
    if (sum < low) low = sum
    if (sum > high) high = sum
  }
  return high - low
}

function shuffleInPlace(values: Float64Array, random: Random): void {
  for (let index = values.length - 1; index > 0; index -= 1) {
    const other = integerBelow(random, index + 1)
    const held = values[index] ?? 0
    values[index] = values[other] ?? 0
    values[other] = held
  }
}
