import { codeUnits } from './code-units.ts'
import { Trigrams } from './hints.ts'

/** What a quick look at a text says of it: whether it is worth while to look for this or that encoding. */
export interface Survey {
  /** A run of characters of base64 that is long enough for a word of it. */
  readonly base64: boolean
  /** Enough hexadecimal digits in a row, perhaps with separators. */
  readonly hex: boolean
  /** Where letters stand beside digits that look like letters, as the place of the second. */
  readonly leetAt: readonly number[]
  /** Single letters in a row. */
  readonly spaced: boolean
  /** To rule out words. */
  readonly trigrams: Trigrams
}

const BASE64 = 1
const HEX = 2
const HEX_SEPARATOR = 4
const LETTER = 8
const LEET = 16
const SEPARATOR = 32

const KINDS = new Uint8Array(128)
for (let code = 0; code < 128; code += 1) {
  const character = String.fromCharCode(code)
  KINDS[code] =
    (/[A-Za-z0-9+/_-]/.test(character) ? BASE64 : 0) |
    (/[0-9a-fA-F]/.test(character) ? HEX : 0) |
    (/[\s:,-]/.test(character) ? HEX_SEPARATOR : 0) |
    (/[a-zA-Z]/.test(character) ? LETTER : 0) |
    (/[0134578@$]/.test(character) ? LEET : 0) |
    (/[ ._*-]/.test(character) ? SEPARATOR : 0)
}

const LEAST_BASE64 = 16
const LEAST_HEX = 16
const LEAST_SPACED = 5

/** One pass over the text, which spares it several slower ones. */
export function survey(text: string): Survey {
  const { length } = text
  const codes = codeUnits(text)
  let base64Start = 0
  let longestBase64 = 0
  let hex = 0
  let longestHex = 0
  const leetAt: number[] = []
  let spaced = 0
  let mostSpaced = 0
  let last = 0
  let beforeLast = SEPARATOR
  for (let index = 0; index < length; index += 1) {
    const code = codes[index] as number
    const kind = code < 128 ? (KINDS[code] as number) : LETTER
    if ((kind & BASE64) === 0) {
      if (index - base64Start > longestBase64) longestBase64 = index - base64Start
      base64Start = index + 1
    }
    if ((kind & HEX) !== 0) hex += 1
    else if ((kind & HEX_SEPARATOR) === 0) {
      if (hex > longestHex) longestHex = hex
      hex = 0
    }
    if ((kind & last & LETTER) !== 0) spaced = 0
    else if ((kind & LETTER) !== 0) {
      if ((last & LEET) !== 0) leetAt.push(index)
    } else if ((last & LETTER) !== 0) {
      if ((kind & LEET) !== 0) leetAt.push(index)
      else if ((kind & SEPARATOR) === 0) spaced = 0
      else if ((beforeLast & SEPARATOR) !== 0) spaced += 1
      if (spaced > mostSpaced) mostSpaced = spaced
    }
    beforeLast = last
    last = kind
  }
  longestBase64 = Math.max(longestBase64, length - base64Start)
  longestHex = Math.max(longestHex, hex)
  return {
    base64: longestBase64 >= LEAST_BASE64,
    hex: longestHex >= LEAST_HEX,
    leetAt,
    spaced: mostSpaced >= LEAST_SPACED,
    trigrams: new Trigrams(codes, length),
  }
}
