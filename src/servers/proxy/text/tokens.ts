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

const SPACE = 0
const WORD = 1
const ENDS_SENTENCE = 2
const APOSTROPHE = 3
const OTHER = 4

const ASCII = new Uint8Array(128).fill(OTHER)
for (let code = 0; code < 128; code += 1) {
  const character = String.fromCharCode(code)
  if (/[\s]/.test(character)) ASCII[code] = SPACE
  else if (/[a-z0-9]/i.test(character)) ASCII[code] = WORD
  else if (/[.!?;]/.test(character)) ASCII[code] = ENDS_SENTENCE
  else if (character === "'") ASCII[code] = APOSTROPHE
}

/** The lower-case form of a character of a word; 0 for any other. */
const LOWER = new Uint8Array(128)
for (let code = 0; code < 128; code += 1) {
  if (ASCII[code] === WORD) LOWER[code] = String.fromCharCode(code).toLowerCase().charCodeAt(0)
}

const FULL_STOPS = new Set([0x3002, 0xff01, 0xff1f, 0x2026, 0x061f, 0x0964, 0x203c])
const NO_LETTER = /[\s\p{P}\p{S}\p{C}]/u

function kindOf(code: number): number {
  if (code < 128) return ASCII[code] ?? OTHER
  if (FULL_STOPS.has(code)) return ENDS_SENTENCE
  if (code === 0x2019 || code === 0x02bc) return APOSTROPHE
  // Latin, Greek, Cyrillic, Hebrew, Arabic and Devanagari letters, without asking Unicode for each.
  if ((code >= 0xc0 && code <= 0x24f) || (code >= 0x370 && code <= 0x5ff)) return WORD
  if (isIdeograph(code)) return WORD
  return NO_LETTER.test(String.fromCharCode(code)) ? OTHER : WORD
}

/** Scripts without spaces: each character is a word. */
function isIdeograph(code: number): boolean {
  return code >= 0x3040 && code <= 0x9fff && code !== 0x30fb
}

const TABLE_BITS = 14

/** Words that rules know, with a number each. Words are as `Tokenizer` sees them: lower case, no apostrophes. */
export class Lexicon {
  private readonly words: string[] = ['']
  private readonly ids = new Map<string, number>()
  /** An open hash table of ids, by the hash that tokenizing computes on the way: no text is cut out to look it up. */
  private table = new Int32Array(1 << TABLE_BITS)
  private hashes: number[] = [0]

  get size(): number {
    return this.words.length
  }

  /** The id of a word, which is new from now on unless it was known. */
  add(word: string): number {
    const known = this.ids.get(word)
    if (known !== undefined) return known
    const id = this.words.length
    this.words.push(word)
    this.ids.set(word, id)
    this.hashes.push(hashOf(word))
    if (id * 2 > this.table.length) this.grow()
    else this.place(id)
    return id
  }

  /** The ids of what a phrase of a rule spells. */
  addText(text: string): number[] {
    const found: number[] = []
    const index = {
      find: (_: number, whole: string, start: number, end: number) =>
        found.push(this.add(spelling(whole, start, end))),
    }
    new Tokenizer(index).tokenize(text)
    return found
  }

  /** The id of the word that stands in `text` from `start` to `end` and has this hash; `UNKNOWN` for no word of ours. */
  find(hash: number, text: string, start: number, end: number): number {
    const { table } = this
    for (let slot = hash & (table.length - 1); ; slot = (slot + 1) & (table.length - 1)) {
      const id = table[slot] ?? 0
      if (id === 0) return UNKNOWN
      if (this.hashes[id] === hash && spells(text, start, end, this.words[id] ?? '')) return id
    }
  }

  private place(id: number): void {
    let slot = (this.hashes[id] ?? 0) & (this.table.length - 1)
    while (this.table[slot] !== 0) slot = (slot + 1) & (this.table.length - 1)
    this.table[slot] = id
  }

  private grow(): void {
    this.table = new Int32Array(this.table.length * 2)
    for (let id = 1; id < this.words.length; id += 1) this.place(id)
  }
}

const SEED = 0x811c9dc5

const PRIME = 0x01000193
const QUOTE = 39
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
  find(hash: number, text: string, start: number, end: number): number
}

/**
 * Splits texts into words, in any case. Expects text that is folded (see fold-text.ts). One pass, and nothing allocated
 * for words that no rule knows.
 */
export class Tokenizer {
  private ids = new Int32Array(1024)
  private starts = new Int32Array(1024)
  private ends = new Int32Array(1024)
  private readonly index: WordIndex

  constructor(index: WordIndex) {
    this.index = index
  }

  /** Valid until the next call. */
  tokenize(text: string): Tokens {
    this.reserve(text.length + 1)
    const { ids, starts, ends, index } = this
    let count = 0
    let newlines = 0
    let broken = true
    for (let position = 0; position < text.length;) {
      const code = text.charCodeAt(position)
      const kind = code < 128 ? (ASCII[code] as number) : kindOf(code)
      if (kind === WORD) {
        const end = wordEnd(text, position)
        ids[count] = index.find(lastHash, text, position, end)
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
      if (newlines === 2 || (kind === ENDS_SENTENCE && endsSentence(text, position, code))) {
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
function wordEnd(text: string, start: number): number {
  let hash = SEED
  let position = start
  for (; position < text.length; position += 1) {
    const code = text.charCodeAt(position)
    if (code < 128) {
      const lower = LOWER[code] as number
      if (lower !== 0) hash = Math.imul(hash ^ lower, PRIME)
      else if (code !== QUOTE || !isWordAt(text, position + 1)) break
    } else if (isIdeograph(code)) {
      if (position > start) break
      hash = mix(hash, code)
      position += 1
      break
    } else {
      const kind = kindOf(code)
      if (kind === WORD) hash = mix(hash, code < 0x590 ? lowerCase(code) : code)
      else if (kind !== APOSTROPHE || !isWordAt(text, position + 1)) break
    }
  }
  lastHash = hash
  return position
}

function isWordAt(text: string, position: number): boolean {
  return position < text.length && kindOf(text.charCodeAt(position)) === WORD
}

/** A full stop within a number or a name ends nothing. */
function endsSentence(text: string, next: number, code: number): boolean {
  return code >= 128 || !isWordAt(text, next)
}

function lowerCase(code: number): number {
  return String.fromCharCode(code).toLowerCase().charCodeAt(0)
}

/** Whether a word of a text is this one, whatever its case and apostrophes. */
function spells(text: string, start: number, end: number, word: string): boolean {
  let at = 0
  for (let position = start; position < end; position += 1) {
    const code = text.charCodeAt(position)
    const lower = code < 128 ? (LOWER[code] as number) : lettersOf(code)
    if (lower === 0) continue
    if (word.charCodeAt(at) !== lower) return false
    at += 1
  }
  return at === word.length
}

/** The lower-case form of a character beyond ASCII; 0 for an apostrophe. */
function lettersOf(code: number): number {
  if (kindOf(code) === APOSTROPHE) return 0
  return code >= 0xc0 && code < 0x590 ? lowerCase(code) : code
}

function spelling(text: string, start: number, end: number): string {
  return text.slice(start, end).toLowerCase().replaceAll(/['’ʼ]/g, '')
}
