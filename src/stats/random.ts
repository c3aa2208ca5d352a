/** A seeded uniform source in [0, 1). */
export type Random = () => number

/**
 * sfc32 (Chris Doty-Humphrey's Small Fast Counting generator, PractRand): 32-bit integer arithmetic only, so it gives
 * the same numbers on every engine and platform.
 */
export function createRandom(seed: number | string): Random {
  let a = hashText(`${seed}/a`)
  let b = hashText(`${seed}/b`)
  let c = hashText(`${seed}/c`)
  let counter = 1
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + sum) | 0
    return (sum >>> 0) / 4_294_967_296
  }
  // The first outputs still show the seed: similar seeds would give similar beginnings.
  for (let round = 0; round < 15; round += 1) next()
  return next
}

/** FNV-1a, 32 bits, over UTF-16 code units; a hash to seed with, not one to trust. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  return hash >>> 0
}

/** Whole number in [0, bound). */
export function integerBelow(random: Random, bound: number): number {
  return Math.floor(random() * bound)
}

/** A shuffled copy (Fisher and Yates). */
export function shuffle<T>(items: readonly T[], random: Random): T[] {
  return Array.from(shuffledIndexes(items.length, random), (index) => items[index] as T)
}

/** The same shuffle of 0 to `count` - 1: where items are too many or too far away to be moved themselves. */
export function shuffledIndexes(count: number, random: Random): Uint32Array {
  const indexes = Uint32Array.from({ length: count }, (_, index) => index)
  for (let index = count - 1; index > 0; index -= 1) {
    const other = integerBelow(random, index + 1)
    const held = indexes[index] as number
    indexes[index] = indexes[other] as number
    indexes[other] = held
  }
  return indexes
}
