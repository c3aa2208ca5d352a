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

/** Words that rules know, with a number each. Words are as `tokenize` sees them: lower case, no apostrophes. */
export class Lexicon {
  private readonly words: string[] = ['']
  private readonly ids = new Map<string, number>()
  /** By the hash that tokenizing computes on the way; words that share one are told apart by comparing. */
  private readonly byHash = new Map<number, number[]>()

  /** The id of a word, which is new from now on unless it was known. */
  add(word: string): number {
    const known = this.ids.get(word)
    if (known !== undefined) return known
    const id = this.words.length
    this.words.push(word)
    this.ids.set(word, id)
    const hash = hashOf(word)
    this.byHash.set(hash, [...(this.byHash.get(hash) ?? []), id])
    return id
  }

  /** The ids of what a phrase of a rule spells. */
  addText(text: string): number[] {
    const words: number[] = []
    new Tokenizer({ find: (_, word) => words.push(this.add(word())) }).tokenize(text)
    return words
  }

  find(hash: number, word: () => string): number {
    const candidates = this.byHash.get(hash)
    if (candidates === undefined) return UNKNOWN
    const spelled = word()
    return candidates.find((id) => this.words[id] === spelled) ?? UNKNOWN
  }
}

const SEED = 0x811c9dc5

function mix(hash: number, code: number): number {
  return Math.imul(hash ^ code, 0x01000193)
}

function hashOf(word: string): number {
  let hash = SEED
  for (let index = 0; index < word.length; index += 1) hash = mix(hash, word.charCodeAt(index))
  return hash
}

interface WordIndex {
  find(hash: number, word: () => string): number
}

/**
 * Splits texts into words, in any case. Expects text that is folded (see fold-text.ts). One pass, and nothing allocated
 * for words that no rule knows.
 */
export class Tokenizer {
  private ids = new Int32Array(1024)
  private starts = new Int32Array(1024)
  private ends = new Int32Array(1024)
  private count = 0
  private readonly index: WordIndex

  constructor(index: WordIndex) {
    this.index = index
  }

  /** Valid until the next call. */
  tokenize(text: string): Tokens {
    this.reserve(text.length + 1)
    this.count = 0
    let position = 0
    let newlines = 0
    while (position < text.length) {
      const code = text.charCodeAt(position)
      const kind = kindOf(code)
      if (kind === WORD) {
        newlines = 0
        position = this.takeWord(text, position)
        continue
      }
      position += 1
      if (code === 10) newlines += 1
      const ends =
        newlines === 2 ||
        (kind === ENDS_SENTENCE &&
          // A full stop within a number or a name ends nothing.
          (code >= 128 || position >= text.length || kindOf(text.charCodeAt(position)) !== WORD))
      if (ends) this.push(BREAK, position - 1, position)
    }
    const { ids, starts, ends, count } = this
    return { text, count, ids, starts, ends }
  }

  private takeWord(text: string, start: number): number {
    let position = start
    let hash = SEED
    for (; position < text.length; position += 1) {
      let code = text.charCodeAt(position)
      if (code >= 65 && code <= 90) code += 32
      else if (code >= 0xc0 && code < 0x590) code = lowerCase(code)
      const kind = kindOf(code)
      if (kind === APOSTROPHE) {
        if (kindOf(text.charCodeAt(position + 1)) === WORD) continue
        break
      }
      if (kind !== WORD) break
      if (isIdeograph(code)) {
        if (position > start) break
        hash = mix(hash, code)
        position += 1
        break
      }
      hash = mix(hash, code)
    }
    const end = position
    const id = this.index.find(hash, () => spelling(text, start, end))
    this.push(id, start, end)
    return end
  }

  private push(id: number, start: number, end: number): void {
    if (id === BREAK && (this.count === 0 || this.ids[this.count - 1] === BREAK)) return
    this.ids[this.count] = id
    this.starts[this.count] = start
    this.ends[this.count] = end
    this.count += 1
  }

  private reserve(size: number): void {
    if (this.ids.length >= size) return
    this.ids = new Int32Array(size)
    this.starts = new Int32Array(size)
    this.ends = new Int32Array(size)
  }
}

function lowerCase(code: number): number {
  return String.fromCharCode(code).toLowerCase().charCodeAt(0)
}

function spelling(text: string, start: number, end: number): string {
  return text.slice(start, end).toLowerCase().replaceAll(/['’ʼ]/g, '')
}
