import { codeUnits } from './code-units.ts'

const TABLE_BITS = 16

/**
 * Which three characters occur next to each other in a text, whatever their case. May say so of some that do not; what
 * it says is not there is not.
 */
export class Trigrams {
  private readonly bits = new Uint32Array(1 << (TABLE_BITS - 5))

  /** Takes the first `length` code units. */
  constructor(codes: Uint16Array, length: number) {
    const { bits } = this
    let gram = 0
    for (let at = 0; at < length; at += 1) {
      gram = next(gram, codes[at] as number)
      const place = placeOf(gram)
      bits[place >>> 5] = (bits[place >>> 5] as number) | (1 << (place & 31))
    }
  }

  mayHave(places: readonly number[]): boolean {
    for (const place of places) {
      if ((((this.bits[place >>> 5] as number) >>> (place & 31)) & 1) === 0) return false
    }
    return true
  }
}

/** Below this, words are found as quickly without. */
const LEAST_FOR_TRIGRAMS = 2048

/** The trigrams of a text for which they are worth while. */
export function trigramsOf(text: string): Trigrams | undefined {
  if (text.length < LEAST_FOR_TRIGRAMS) return undefined
  return new Trigrams(codeUnits(text), text.length)
}

/** The last three characters as one number. */
function next(gram: number, code: number): number {
  return ((gram << 8) ^ (code | 0x20)) & 0xffffff
}

function placeOf(gram: number): number {
  return Math.imul(gram, 0x9e3779b1) >>> (32 - TABLE_BITS)
}

interface Hint {
  readonly word: string
  /** Where its trigrams are; none for one that is shorter, or not of ASCII. */
  readonly places: readonly number[]
}

/** Words of which one has to be in a text for an expression to match it, which is quicker to tell. */
export class Hints {
  private readonly hints: readonly Hint[]

  /** In lower case. */
  constructor(words: readonly string[]) {
    this.hints = words.map((word) => ({ word, places: placesOf(word) }))
  }

  /** How many of them a text may have, as far as trigrams tell. */
  countIn(trigrams: Trigrams): number {
    return this.hints.filter(({ places }) => trigrams.mayHave(places)).length
  }

  /** Whether one is in a text, which is in lower case; with the trigrams of it, or of a text that it is a part of. */
  within(lower: string, trigrams?: Trigrams): boolean {
    for (const { word, places } of this.hints) {
      if (trigrams?.mayHave(places) !== false && lower.includes(word)) return true
    }
    return false
  }
}

function placesOf(word: string): number[] {
  // Capitals beyond ASCII differ in other bits.
  // oxlint-disable-next-line no-control-regex -- NUL is where ASCII begins
  if (!/^[\x00-\x7f]*$/.test(word)) return []
  const places: number[] = []
  let gram = 0
  for (let at = 0; at < word.length; at += 1) {
    gram = next(gram, word.charCodeAt(at))
    if (at >= 2) places.push(placeOf(gram))
  }
  return places
}
