import { reversed } from './fold-text.ts'
import { Hints } from './hints.ts'
import type { Survey } from './survey.ts'

/** A text that was found encoded within another. */
export interface Decoded {
  /** Such as `base64`. */
  readonly encoding: string
  readonly text: string
}

interface Decoder {
  readonly encoding: string
  /** Whether it is worth while to look: as quick as a search for a character. */
  readonly hinted: (text: string, looks: Survey) => boolean
  readonly decode: (text: string) => readonly string[]
}

/** More runs than this in one text are padding. */
const MOST_RUNS = 64

const BASE64_RUN = /(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{16,}={0,2}/g
const HEX_RUN = /(?:0x)?(?:[0-9a-fA-F]{2}[\s:,-]?){8,}/g
const PERCENT_RUN = /%[0-9a-fA-F]{2}(?:%[0-9a-fA-F]{2}|[\w.+-]){6,}/g
const ENTITY = /&#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}));/g
const ESCAPE = /\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2}))/g
const MORSE_RUN = /[.-]{1,6}(?:[ /|]{1,3}[.-]{1,6}){7,}/g
const BINARY_RUN = /(?<!\d)[01]{7,8}(?:[ ,]?[01]{7,8}){3,}/g
const BRAILLE_RUN = /[\u2800-\u28ff]{8,}/g
/** Words that mix letters with digits that look like letters. Anchored on both, so that numbers and codes stay few. */
const LEET_WORD =
  /(?<![a-zA-Z])[a-zA-Z]{1,20}[0134578@$][a-zA-Z0134578@$!|]{1,20}|[0134578@$][a-zA-Z]{1,20}/g
const SPACED = /(?<![\p{L}\p{N}])(?:\p{L}[ ._*-]{1,2}){5,200}\p{L}(?![\p{L}\p{N}])/gu

/** All of them, to be tried on hostile texts. */
export const DECODER_PATTERNS = {
  base64: BASE64_RUN,
  hex: HEX_RUN,
  percent: PERCENT_RUN,
  entity: ENTITY,
  escape: ESCAPE,
  morse: MORSE_RUN,
  binary: BINARY_RUN,
  braille: BRAILLE_RUN,
  leet: LEET_WORD,
  spaced: SPACED,
} as const

/** A sign with a gap after it, and what comes then. */
const MORSE_HINTS = new Hints(
  ['.', '-'].flatMap((sign) =>
    [' ', '/', '|'].flatMap((gap) => ['.', '-', ' ', '/', '|'].map((next) => sign + gap + next)),
  ),
)

const DECODERS: readonly Decoder[] = [
  {
    encoding: 'base64',
    hinted: (_, looks) => looks.base64,
    decode: (text) => runs(text, BASE64_RUN).flatMap((run) => fromBase64(run)),
  },
  {
    encoding: 'hex',
    hinted: (_, looks) => looks.hex,
    decode: (text) => runs(text, HEX_RUN).flatMap((run) => fromHex(run)),
  },
  {
    encoding: 'percent',
    hinted: (text) => text.includes('%'),
    decode: (text) =>
      runs(text, PERCENT_RUN)
        .filter((run) => (run.match(/%/g)?.length ?? 0) >= 3)
        .map((run) => fromPercent(run)),
  },
  {
    encoding: 'html-entity',
    hinted: (text) => text.includes('&#'),
    decode: (text) => replacedWhole(text, ENTITY, 4),
  },
  {
    encoding: 'escape',
    hinted: (text) => text.includes('\\u') || text.includes('\\x'),
    decode: (text) => replacedWhole(text, ESCAPE, 4),
  },
  {
    encoding: 'morse',
    hinted: (_, { trigrams }) => MORSE_HINTS.countIn(trigrams) > 0,
    decode: (text) => runs(text, MORSE_RUN).map((run) => fromMorse(run)),
  },
  {
    encoding: 'binary',
    hinted: (text) => text.includes('0') && text.includes('1'),
    decode: (text) => runs(text, BINARY_RUN).map((run) => fromBinary(run)),
  },
  {
    encoding: 'braille',
    hinted: (text) => /[\u2800-\u28ff]/.test(text),
    decode: (text) => runs(text, BRAILLE_RUN).map((run) => fromBraille(run)),
  },
]

/** Texts that are encoded within this one, each that can be read; at most `mostCharacters` of them together. */
export function decodeWithin(text: string, looks: Survey, mostCharacters: number): Decoded[] {
  const found: Decoded[] = []
  let left = mostCharacters
  for (const { encoding, hinted, decode } of DECODERS) {
    if (left <= 0 || !hinted(text, looks)) continue
    for (const decoded of decode(text)) {
      if (!isReadable(decoded)) continue
      found.push({ encoding, text: decoded.slice(0, left) })
      left -= decoded.length
      if (left <= 0) break
    }
  }
  return found
}

export function rotated13(text: string): string {
  return text.replaceAll(/[a-z]/gi, (letter) => {
    const code = letter.charCodeAt(0)
    const first = code < 97 ? 65 : 97
    return String.fromCharCode(first + ((code - first + 13) % 26))
  })
}

const LEET: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '6': 'g',
  '7': 't',
  '8': 'b',
  '9': 'g',
  '@': 'a',
  $: 's',
  '!': 'i',
  '+': 't',
  '|': 'l',
}

/** 1 for what a leet word is made of. */
const OF_LEET = new Uint8Array(128)
for (let code = 0; code < 128; code += 1) {
  OF_LEET[code] = /[a-zA-Z0134578@$!|]/.test(String.fromCharCode(code)) ? 1 : 0
}

const LEET_LEAST = 3
/** Leet words that are further apart, in characters, are of no one text. */
const LEET_NEAR = 160

/** The stretches of a text that are written in leet, read as letters; undefined where there are none. */
export function unleeted(text: string, looks: Survey): string | undefined {
  if (looks.leetAt.length < LEET_LEAST) return undefined
  const places = leetPlaces(text, looks)
  const stretches: string[] = []
  for (let first = 0; first < places.length; first += 1) {
    let last = first
    while ((places[last + 1] ?? Number.POSITIVE_INFINITY) - (places[last] ?? 0) <= LEET_NEAR)
      last += 1
    if (last - first + 1 >= LEET_LEAST) {
      const start = Math.max(0, (places[first] ?? 0) - LEET_NEAR)
      stretches.push(text.slice(start, (places[last] ?? 0) + LEET_NEAR))
    }
    first = last
  }
  if (stretches.length === 0) return undefined
  return stretches
    .join('\n\n')
    .replaceAll(/[a-zA-Z0-9@$!|+]{2,40}/g, (word) =>
      /^\d+$/.test(word) || !/[0134578@$]/.test(word)
        ? word
        : word.replaceAll(/[013456789@$!|+]/g, (sign) => LEET[sign] ?? sign),
    )
}

/** Where leet words begin. Looks only at the runs that have some letter beside such a digit. */
function leetPlaces(text: string, { leetAt }: Survey): number[] {
  const places: number[] = []
  let end = 0
  for (const at of leetAt) {
    if (at < end) continue
    let start = at
    while (start > end && OF_LEET[text.charCodeAt(start - 1)] === 1) start -= 1
    end = at
    while (OF_LEET[text.charCodeAt(end)] === 1) end += 1
    for (const { index } of text.slice(start, end).matchAll(LEET_WORD)) places.push(start + index)
  }
  return places
}

/** The text with words that are spelled letter by letter joined; undefined where there are none. */
export function unspaced(text: string): string | undefined {
  let found = false
  const joined = text.replaceAll(SPACED, (run) => {
    found = true
    // Two separators where one stands between letters are the space between words.
    return run
      .replaceAll(/([^\p{L}])\1/gu, '\u0000')
      .replaceAll(/[ ._*-]/g, '')
      .replaceAll('\u0000', ' ')
  })
  return found ? joined : undefined
}

/** The text backwards, with its words in the order in which they are read then. */
export function backwards(text: string): string {
  return reversed(text)
}

function runs(text: string, pattern: RegExp): string[] {
  const found: string[] = []
  for (const [run] of text.matchAll(pattern)) {
    found.push(run)
    if (found.length === MOST_RUNS) break
  }
  return found
}

function fromBase64(run: string): string[] {
  // Words, paths and identifiers are made of these letters too; text in base64 mixes cases or has digits.
  if (!/[a-z]/.test(run) || !/[A-Z]/.test(run)) return []
  return [Buffer.from(run, 'base64').toString('utf8')]
}

function fromHex(run: string): string[] {
  const digits = run.replace(/^0x/, '').replaceAll(/[^0-9a-fA-F]/g, '')
  return [Buffer.from(digits, 'hex').toString('utf8')]
}

function fromPercent(run: string): string {
  const bytes = run
    .replaceAll('+', ' ')
    .replaceAll(/%([0-9a-fA-F]{2})/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    )
  return Buffer.from(bytes, 'latin1').toString('utf8')
}

/** The whole text with references replaced: what stands around them belongs to the sentence. */
function replacedWhole(text: string, pattern: RegExp, least: number): string[] {
  let replaced = 0
  const whole = text.replaceAll(pattern, (...groups: unknown[]) => {
    const digits = groups.slice(1, 4).find((group) => typeof group === 'string' && group !== '')
    const decimal = pattern === ENTITY && groups[1] === undefined
    const code = Number.parseInt(String(digits), decimal ? 10 : 16)
    replaced += 1
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : ''
  })
  return replaced >= least ? [whole] : []
}

const MORSE: Readonly<Record<string, string>> = Object.fromEntries(
  '.- a -... b -.-. c -.. d . e ..-. f --. g .... h .. i .--- j -.- k .-.. l -- m -. n --- o .--. p --.- q .-. r ... s - t ..- u ...- v .-- w -..- x -.-- y --.. z .---- 1 ..--- 2 ...-- 3 ....- 4 ..... 5 -.... 6 --... 7 ---.. 8 ----. 9 ----- 0'
    .split(' ')
    .reduce<[string, string][]>((pairs, part, index, all) => {
      if (index % 2 === 0) pairs.push([part, all[index + 1] ?? ''])
      return pairs
    }, []),
)

function fromMorse(run: string): string {
  return run
    .split(/\s*[/|]\s*|\s{2,}/)
    .map((word) =>
      word
        .split(' ')
        .map((letter) => MORSE[letter] ?? '')
        .join(''),
    )
    .join(' ')
}

function fromBinary(run: string): string {
  const bytes = run.match(/[01]{7,8}/g) ?? []
  return Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2))).toString('utf8')
}

/** Eight dots to a byte, as Unicode numbers them. */
function fromBraille(run: string): string {
  return Buffer.from(Array.from(run, (cell) => (cell.codePointAt(0) ?? 0) & 0xff)).toString('utf8')
}

/** What may be encoded once more. */
const STILL_ENCODED = /^[A-Za-z0-9+/=_%\s-]{16,65536}$/

/** Mostly letters and spaces, of at least eight characters: what is not was no text before it was encoded. */
export function isReadable(text: string): boolean {
  if (text.length < 8) return false
  if (STILL_ENCODED.test(text)) return true
  const sample = text.slice(0, 2000)
  const bad = sample.match(/[\p{Cc}\ufffd\p{Co}\p{Cn}]/gu)?.filter((one) => !/[\n\r\t]/.test(one))
  if ((bad?.length ?? 0) > sample.length * 0.02) return false
  const letters = sample.match(/[\p{L}\p{M} ]/gu)?.length ?? 0
  return letters >= sample.length * 0.6
}
