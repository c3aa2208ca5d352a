import type { Severity } from '../exchange-record.ts'
import { excerpt, type PieceDetector, type Signal } from './detector.ts'

interface PersonalPattern {
  readonly rule: string
  readonly what: string
  readonly pattern: RegExp
  readonly hint: RegExp | undefined
  /** Whether it has five digits in a row, perhaps with separators. */
  readonly numeric: boolean
  readonly severity: Severity
  readonly confidence: number
  readonly holds?: (found: string, before: string) => boolean
}

/** Numbers and addresses of people. Check digits are checked: most numbers are something else. */
export const PERSONAL_PATTERNS: readonly PersonalPattern[] = [
  {
    rule: 'personal-data/card-number',
    what: 'a payment card number',
    pattern: /(?<![\w.+-])\d(?:[ -]?\d){12,18}(?![\w-])/g,
    hint: /\d(?:[ -]?\d){12}/,
    numeric: true,
    severity: 'Medium',
    confidence: 0.95,
    holds: (found) => isCardNumber(found.replaceAll(/\D/g, '')),
  },
  {
    rule: 'personal-data/iban',
    what: 'an IBAN',
    pattern: /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{2,4}){3,8}(?![A-Za-z0-9])/g,
    hint: /[A-Z]{2}\d{2}/,
    numeric: false,
    severity: 'Medium',
    confidence: 0.95,
    holds: (found) => isIban(found.replaceAll(' ', '')),
  },
  {
    rule: 'personal-data/national-id',
    what: 'a national identity number',
    pattern:
      /(?<![\w-])(?:(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}|[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]|\d{8}[A-HJ-NP-TV-Z]|[12] ?\d{2} ?(?:0[1-9]|1[0-2]) ?\d{2} ?\d{3} ?\d{3} ?\d{2})(?![\w-])/g,
    hint: /\d{2}[ -]?\d{2}[ -]?\d{2}/,
    numeric: true,
    severity: 'Medium',
    confidence: 0.8,
  },
  {
    rule: 'personal-data/e-mail',
    what: 'an e-mail address',
    pattern: /(?<![\w.+-])[\w.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}(?![\w-])/g,
    hint: /@/,
    numeric: false,
    severity: 'Low',
    confidence: 0.7,
    // Names that are reserved so that they belong to nobody.
    holds: (found) => !/[@.](?:example|test|invalid|localhost)(?:\.(?:com|org|net))?$/i.test(found),
  },
  {
    rule: 'personal-data/phone',
    what: 'a phone number',
    pattern:
      /(?<![\w.-])(?:\+\d{1,3}[ .-]?(?:\(0\)[ .-]?)?|\(0?\d{2,4}\)[ .-]?|0)\d{1,5}(?:[ .-]?\d{2,5}){2,5}(?![\w-])/g,
    hint: /\d[ .-]?\d{2,5}[ .-]?\d{2}/,
    numeric: true,
    severity: 'Low',
    confidence: 0.6,
    holds: (found) => {
      const digits = found.replaceAll(/\D/g, '').length
      // 555-01xx and the numbers that regulators keep for drama and documents.
      return digits >= 9 && digits <= 15 && !/555[ .-]?01\d\d/.test(found) && /[+() -]/.test(found)
    },
  },
]

export const personalData: PieceDetector = {
  name: 'personal-data',
  inspect({ text, answer }) {
    return patternsFor(text).flatMap((one): Signal[] => {
      const [match] = rangesOf(text, one)
      if (match === undefined) return []
      return [
        {
          type: 'pii_detected',
          family: 'personal-data',
          severity: one.severity,
          confidence: one.confidence,
          description: `${one.what} in ${answer ? 'the answer' : 'the prompt'}`,
          rule: one.rule,
          evidence: excerpt(text, match.index, match.index + match.length),
        },
      ]
    })
  },
}

/** All personal data of a text, as parts of it. */
export function personalRanges(text: string): { index: number; length: number }[] {
  return patternsFor(text).flatMap((one) => rangesOf(text, one))
}

const NUMBER = /\d(?:[ .-]?\d){4}/
const NOT_NUMERIC = PERSONAL_PATTERNS.filter(({ numeric }) => !numeric)

/** Most texts have no such number, and so need not be searched for each kind. */
function patternsFor(text: string): readonly PersonalPattern[] {
  return NUMBER.test(text) ? PERSONAL_PATTERNS : NOT_NUMERIC
}

function rangesOf(text: string, { pattern, hint, holds }: PersonalPattern) {
  if (hint !== undefined && !hint.test(text)) return []
  return Array.from(text.matchAll(pattern), ({ 0: found, index }) => ({ found, index }))
    .filter(
      ({ found, index }) => holds?.(found, text.slice(Math.max(0, index - 20), index)) ?? true,
    )
    .map(({ found, index }) => ({ index, length: found.length }))
}

/** ISO/IEC 7812: the sum of all digits, every second one from the right doubled, ends in 0. */
export function isCardNumber(digits: string): boolean {
  if (!/^[2-6]\d{12,18}$/.test(digits) || /^(\d)\1{0,18}$/.test(digits)) return false
  let sum = 0
  for (let index = 0; index < digits.length; index += 1) {
    const digit = Number(digits[digits.length - 1 - index])
    const doubled = digit * 2
    sum += index % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}

/** ISO 13616: the number that it spells, the first four characters last, leaves 1 when divided by 97. */
export function isIban(iban: string): boolean {
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(iban)) return false
  let remainder = 0
  for (const character of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(character, 36)
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97
  }
  return remainder === 1
}
