/**
 * One way to disguise a text. `decode(encode(x))` is `normalise(x)`, which is x itself where nothing is lost: for
 * printable ASCII that is every encoding but `leet` (case, and digits that stand for letters) and `morse` (case,
 * characters without a code, runs of blanks).
 */
export interface Encoding {
  readonly encode: (text: string) => string
  readonly decode: (text: string) => string
  readonly normalise: (text: string) => string
}

const same = (text: string): string => text
const fromUtf8 = (text: string): Buffer => Buffer.from(text, 'utf8')
const reverse = (text: string): string => Array.from(text).toReversed().join('')

function viaBuffer(format: 'base64' | 'hex'): Encoding {
  return {
    encode: (text) => fromUtf8(text).toString(format),
    decode: (text) => Buffer.from(text, format).toString('utf8'),
    normalise: same,
  }
}

function rotate(text: string): string {
  return text.replace(/[a-z]/gi, (letter) => {
    const first = letter <= 'Z' ? 65 : 97
    return String.fromCharCode(((letter.charCodeAt(0) - first + 13) % 26) + first)
  })
}

/** Swaps characters one for one; `decode` swaps them back, so a text that held the right side already is folded. */
function substitution(pairs: readonly (readonly [string, string])[]): Encoding {
  const there = new Map(pairs)
  const back = new Map(pairs.map(([plain, disguised]) => [disguised, plain]))
  const swap = (text: string, map: ReadonlyMap<string, string>): string =>
    Array.from(text, (character) => map.get(character) ?? character).join('')
  const decode = (text: string): string => swap(text, back)
  return { encode: (text) => swap(text, there), decode, normalise: decode }
}

const pairUp = (plain: string, disguised: string): (readonly [string, string])[] => {
  const targets = Array.from(disguised)
  return Array.from(plain, (character, index) => [character, targets[index] ?? character])
}

/** Printable ASCII moved up by `offset`. */
const shifted = (first: number, last: number, offset: number): (readonly [string, string])[] =>
  Array.from({ length: last - first + 1 }, (_, index) => [
    String.fromCodePoint(first + index),
    String.fromCodePoint(first + index + offset),
  ])

const percent: Encoding = {
  encode: (text) =>
    Array.from(
      fromUtf8(text),
      (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
    ).join(''),
  decode: (text) => decodeURIComponent(text),
  normalise: same,
}

/** Decimal references; blanks stay, so that lines still wrap. */
const htmlEntity: Encoding = {
  encode: (text) => text.replace(/\S/gu, (character) => `&#${character.codePointAt(0) ?? 0};`),
  decode: (text) =>
    text.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code))),
  normalise: same,
}

/** JSON and JavaScript escapes, one a UTF-16 unit; blanks stay. */
const unicodeEscape: Encoding = {
  encode: (text) =>
    text.replace(/\S/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  decode: (text) =>
    text.replace(/\\u([0-9a-f]{4})/gi, (_, code: string) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    ),
  normalise: same,
}

const LEET = substitution(pairUp('aeiostAEIOST', '431057431057'))
const LEET_BACK = substitution(pairUp('431057', 'aeiost'))

/** Loses case, and any digit of the original that stands for a letter. */
const leet: Encoding = {
  encode: LEET.encode,
  decode: (text) => LEET_BACK.encode(text.toLowerCase()),
  normalise: (text) => LEET_BACK.encode(text.toLowerCase()),
}

/** Latin letters that have a Cyrillic twin. */
const homoglyph = substitution(pairUp('aceopxyisjhdABCEHKMOPTXSJI', 'асеорхуіѕјһԁАВСЕНКМОРТХЅЈІ'))

const SEAMS = ['\u200B', '\u200C', '\u200D', '\u2060']
const stripSeams = (text: string): string => text.replace(/[\u200B-\u200D\u2060]/g, '')

/** An invisible character after every second letter of a word, four kinds in turn. */
const zeroWidth: Encoding = {
  encode: (text) => {
    let seams = 0
    return text.replace(/\p{L}{2}(?=\p{L})/gu, (pair) => {
      seams += 1
      return `${pair}${SEAMS[seams % SEAMS.length] ?? ''}`
    })
  },
  decode: stripSeams,
  normalise: stripSeams,
}

const stripBidi = (text: string): string => text.replace(/[\u202C\u202E]/g, '')

/** Each line stored backwards inside a right-to-left override, so that it is drawn as written. */
const bidi: Encoding = {
  encode: (text) => text.replace(/.+/gu, (line) => `\u202E${reverse(line)}\u202C`),
  decode: (text) => stripBidi(text).replace(/.+/gu, reverse),
  normalise: stripBidi,
}

const MARKS = ['\u0301', '\u0308', '\u0302', '\u0303', '\u0323', '\u0327', '\u030C', '\u0304']
const stripMarks = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '')

/** An accent on every letter that has a composed form; which one follows from its place in the text. */
const diacritics: Encoding = {
  encode: (text) =>
    Array.from(text, (character, index) => {
      if (!/[a-z]/i.test(character)) return character
      const marks = MARKS.map((_, step) => MARKS[(index + step) % MARKS.length] ?? '')
      const composed = marks.map((mark) => `${character}${mark}`.normalize('NFC'))
      return composed.find((candidate) => candidate.length === 1) ?? character
    }).join(''),
  decode: stripMarks,
  normalise: stripMarks,
}

const MORSE: ReadonlyMap<string, string> = new Map(
  `A .- B -... C -.-. D -.. E . F ..-. G --. H .... I .. J .--- K -.- L .-.. M -- N -. O --- P .--.
   Q --.- R .-. S ... T - U ..- V ...- W .-- X -..- Y -.-- Z --.. 0 ----- 1 .---- 2 ..--- 3 ...--
   4 ....- 5 ..... 6 -.... 7 --... 8 ---.. 9 ----. . .-.-.- , --..-- ? ..--.. ' .----. ! -.-.--
   / -..-. ( -.--. ) -.--.- & .-... : ---... ; -.-.-. = -...- + .-.-. - -....- _ ..--.- " .-..-.
   $ ...-..- @ .--.-.`
    .split(/\s+/)
    .flatMap((item, index, all) =>
      index % 2 === 0 ? [[item, all[index + 1] ?? ''] as const] : [],
    ),
)
const MORSE_BACK: ReadonlyMap<string, string> = new Map(
  Array.from(MORSE, ([character, code]) => [code, character]),
)
const morseWords = (text: string): string[][] =>
  text
    .toUpperCase()
    .split(/\s+/)
    .map((word) => Array.from(word).filter((character) => MORSE.has(character)))
    .filter((word) => word.length > 0)

/** International Morse with ` / ` between words. Upper case; what has no code is left out. */
const morse: Encoding = {
  encode: (text) =>
    morseWords(text)
      .map((word) => word.map((character) => MORSE.get(character)).join(' '))
      .join(' / '),
  decode: (text) =>
    text
      .split(' / ')
      .map((word) =>
        word
          .split(' ')
          .map((code) => MORSE_BACK.get(code) ?? '')
          .join(''),
      )
      .join(' '),
  normalise: (text) =>
    morseWords(text)
      .map((word) => word.join(''))
      .join(' '),
}

/** Each UTF-8 byte as an eight-dot Braille cell: bit n is dot n + 1. */
const brailleBinary: Encoding = {
  encode: (text) =>
    Array.from(fromUtf8(text), (byte) => String.fromCodePoint(0x2800 + byte)).join(''),
  decode: (text) =>
    Buffer.from(Array.from(text, (cell) => (cell.codePointAt(0) ?? 0) - 0x2800)).toString('utf8'),
  normalise: same,
}

const SINGLE: Readonly<Record<string, Encoding>> = {
  base64: viaBuffer('base64'),
  hex: viaBuffer('hex'),
  rot13: { encode: rotate, decode: rotate, normalise: same },
  percent,
  html_entity: htmlEntity,
  unicode_escape: unicodeEscape,
  leet,
  homoglyph,
  zero_width: zeroWidth,
  tag_chars: substitution(shifted(0x20, 0x7e, 0xe0000)),
  bidi,
  fullwidth: substitution([[' ', '\u3000'], ...shifted(0x21, 0x7e, 0xfee0)]),
  diacritics,
  reversed: { encode: reverse, decode: reverse, normalise: same },
  morse,
  braille_binary: brailleBinary,
}

/** What `nested` is when a row names no chain of its own; the first is applied first. */
export const NESTED_CHAIN: readonly string[] = ['hex', 'base64']

/** Several encodings, one inside the other: the first named is innermost. Throws RangeError for a name unknown. */
export function chainEncodings(names: readonly string[]): Encoding {
  const steps = names.map((name) => {
    const step = SINGLE[name]
    if (step !== undefined) return step
    throw new RangeError(
      `${JSON.stringify(name)} is not an encoding; use ${Object.keys(SINGLE).join(', ')}`,
    )
  })
  return {
    encode: (text) => steps.reduce((inner, step) => step.encode(inner), text),
    decode: (text) => steps.reduceRight((outer, step) => step.decode(outer), text),
    normalise: (text) => steps[0]?.normalise(text) ?? text,
  }
}

/** Every encoding by the name its rows carry as subcategory. */
export const ENCODINGS: Readonly<Record<string, Encoding>> = {
  ...SINGLE,
  nested: chainEncodings(NESTED_CHAIN),
}
