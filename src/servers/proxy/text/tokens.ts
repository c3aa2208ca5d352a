import { codeUnits } from './code-units.ts'

/** No word of any rule. */
export const UNKNOWN = -1
/** The end of a sentence or paragraph: phrases do not reach over it unless they say so. */
export const BREAK = 0

/** The words of a text, in typed arrays that the next text uses again. */
export interface Tokens {
  readonly text: string
  readonly count: number
  /** A word's id in the lexicon, `UNKNOWN`, or `BREAK`. */
  readonly ids: Int32Array
  readonly starts: Int32Array
  readonly ends: Int32Array
}

const SPACE = 1
const ENDS_SENTENCE = 2
const APOSTROPHE = 3
const OTHER = 4
/** From here on it is of a word. */
const WORD = 5
/** Scripts without spaces: each character is a word. */
const IDEOGRAPH = 6

/** The kind of each code unit, asked of Unicode when it is first met; 0 until then. */
const KINDS = new Uint8Array(0x10000)
/** The lower-case form of a character of a word; 0 for any other. As far as `KINDS` is known. */
const LETTERS = new Uint16Array(0x10000)

const FULL_STOPS = new Set(
  Array.from('.!?;', (stop) => stop.charCodeAt(0)).concat([
    0x3002, 0xff01, 0xff1f, 0x2026, 0x061f, 0x0964, 0x203c,
  ]),
)
const NO_LETTER = /[\s\p{P}\p{S}\p{C}]/u

function learnKind(code: number): number {
  const kind = kindOf(code)
  KINDS[code] = kind
  if (kind === IDEOGRAPH) LETTERS[code] = code
  if (kind === WORD) LETTERS[code] = code < 0x590 ? lowerCase(code) : code
  return kind
}

function kindOf(code: number): number {
  if (FULL_STOPS.has(code)) return ENDS_SENTENCE
  if (code === 39 || code === 0x2019 || code === 0x02bc) return APOSTROPHE
  if (code >= 0x3040 && code <= 0x9fff && code !== 0x30fb) return IDEOGRAPH
  const character = String.fromCharCode(code)
  // Spaces beyond ASCII are no line ends, which is all that is asked of spaces.
  if (code < 128 && /\s/.test(character)) return SPACE
  return NO_LETTER.test(character) ? OTHER : WORD
}

const TABLE_BITS = 14

/** Words that rules know, with a number each. Words are as `Tokenizer` sees them: lower case, no apostrophes. */
export class Lexicon {
  private readonly ids = new Map<string, number>()
  /**
   * An open hash table of pairs, a hash and its word's id, by the hash that tokenizing computes on the way: no text is
   * cut out to look it up.
   */
  private table = new Int32Array(2 << TABLE_BITS)
  /** All words one after the other, and where each begins, by id. */
  private letters = new Uint16Array(1 << TABLE_BITS)
  private firsts = new Int32Array(1 << TABLE_BITS)

  get size(): number {
    return this.ids.size + 1
  }

  /** The id of a word, which is new from now on unless it was known. */
  add(word: string): number {
    const known = this.ids.get(word)
    if (known !== undefined) return known
    const id = this.size
    const first = this.firsts[id] as number
    const end = first + word.length
    if (end > this.letters.length) this.letters = enlarged(this.letters, end * 2)
    if (id + 1 === this.firsts.length) this.firsts = enlarged(this.firsts, id * 2)
    for (let at = 0; at < word.length; at += 1) this.letters[first + at] = word.charCodeAt(at)
    this.firsts[id + 1] = end
    this.ids.set(word, id)
    if (id * 4 > this.table.length) this.grow()
    else this.place(hashOf(word), id)
    return id
  }

  /** The ids of what a phrase of a rule spells. */
  addText(text: string): number[] {
    const found: number[] = []
    const index = {
      find: (_: number, __: Uint16Array, start: number, end: number) =>
        found.push(this.add(spelling(text, start, end))),
    }
    new Tokenizer(index).tokenize(text)
    return found
  }

  /** The id of the word that stands from `start` to `end` and has this hash; `UNKNOWN` for no word of ours. */
  find(hash: number, codes: Uint16Array, start: number, end: number): number {
    const { table } = this
    const mask = table.length - 1
    for (let slot = (hash << 1) & mask; ; slot = (slot + 2) & mask) {
      const id = table[slot + 1] as number
      if (id === 0) return UNKNOWN
      if (table[slot] === hash && this.spells(id, codes, start, end)) return id
    }
  }

  /** Whether the word of a text is this one, whatever its case and apostrophes. */
  private spells(id: number, codes: Uint16Array, start: number, end: number): boolean {
    const { letters } = this
    let at = this.firsts[id] as number
    for (let position = start; position < end; position += 1) {
      const letter = LETTERS[codes[position] as number] as number
      if (letter === 0) continue
      if (letters[at] !== letter) return false
      at += 1
    }
    return at === this.firsts[id + 1]
  }

  private place(hash: number, id: number): void {
    const { table } = this
    const mask = table.length - 1
    let slot = (hash << 1) & mask
    while (table[slot + 1] !== 0) slot = (slot + 2) & mask
    table[slot] = hash
    table[slot + 1] = id
  }

  private grow(): void {
    this.table = new Int32Array(this.table.length * 2)
    for (const [word, id] of this.ids) this.place(hashOf(word), id)
  }
}

function enlarged<T extends Int32Array | Uint16Array>(array: T, length: number): T {
  const larger = new (array.constructor as new (length: number) => T)(length)
  larger.set(array)
  return larger
}

const SEED = 0x811c9dc5

const PRIME = 0x01000193
const NEWLINE = 10

/** FNV-1a. */
function mix(hash: number, code: number): number {
  return Math.imul(hash ^ code, PRIME)
}

function hashOf(word: string): number {
  let hash = SEED
  for (let index = 0; index < word.length; index += 1) hash = mix(hash, word.charCodeAt(index))
  return hash
}

interface WordIndex {
  find(hash: number, codes: Uint16Array, start: number, end: number): number
}

/**
 * Splits texts into words, in any case. Expects text that is folded (see fold-text.ts). One pass, and nothing allocated
 * for words that no rule knows.
 */
export class Tokenizer {
  private ids = new Int32Array(0)
  private starts = new Int32Array(0)
  private ends = new Int32Array(0)
  private readonly index: WordIndex

  constructor(index: WordIndex) {
    this.index = index
  }

  /** Valid until the next call. */
  tokenize(text: string): Tokens {
    this.reserve(text.length + 1)
    const { ids, starts, ends, index } = this
    const { length } = text
    const codes = codeUnits(text)
    let count = 0
    let newlines = 0
    let broken = true
    for (let position = 0; position < length;) {
      const code = codes[position] as number
      const kind = KINDS[code] || learnKind(code)
      if (kind >= WORD) {
        const end = wordEnd(codes, position)
        ids[count] = index.find(lastHash, codes, position, end)
        starts[count] = position
        ends[count] = end
        count += 1
        newlines = 0
        broken = false
        position = end
        continue
      }
      position += 1
      if (broken || kind === OTHER) continue
      if (code === NEWLINE) newlines += 1
      if (newlines === 2 || (kind === ENDS_SENTENCE && endsSentence(codes, position, code))) {
        ids[count] = BREAK
        starts[count] = position - 1
        ends[count] = position
        count += 1
        broken = true
      }
    }
    return { text, count, ids, starts, ends }
  }

  private reserve(size: number): void {
    if (this.ids.length >= size) return
    this.ids = new Int32Array(size)
    this.starts = new Int32Array(size)
    this.ends = new Int32Array(size)
  }
}

/** The hash of the word that `wordEnd` went over last: a second result without an object for each word. */
let lastHash = SEED

/** Where the word ends that begins at `start`. */
function wordEnd(codes: Uint16Array, start: number): number {
  let hash = SEED
  let position = start
  for (; ; position += 1) {
    const code = codes[position] as number
    const kind = KINDS[code] || learnKind(code)
    if (kind === WORD) hash = mix(hash, LETTERS[code] as number)
    else if (kind === IDEOGRAPH) {
      if (position > start) break
      hash = mix(hash, code)
      position += 1
      break
    } else if (kind !== APOSTROPHE || !isWordAt(codes, position + 1)) break
  }
  lastHash = hash
  return position
}

function isWordAt(codes: Uint16Array, position: number): boolean {
  const code = codes[position] as number
  return (KINDS[code] || learnKind(code)) >= WORD
}

/** A full stop within a number or a name ends nothing. */
function endsSentence(codes: Uint16Array, next: number, code: number): boolean {
  return code >= 128 || !isWordAt(codes, next)
}

function lowerCase(code: number): number {
  return String.fromCharCode(code).toLowerCase().charCodeAt(0)
}

function spelling(text: string, start: number, end: number): string {
  return text.slice(start, end).toLowerCase().replaceAll(/['’ʼ]/g, '')
}
