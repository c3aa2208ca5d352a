import { Hints, type Trigrams, trigramsOf } from '../text/hints.ts'
import { excerpt, type PieceDetector, type Signal } from './detector.ts'

interface SecretPattern {
  readonly rule: string
  readonly what: string
  readonly pattern: RegExp
  /** One has to be in the text. */
  readonly hints: Hints
  readonly confidence: number
  readonly holds?: (found: string) => boolean
}

/** Keys and tokens by the prefixes that their issuers give them so that they are found. */
export const SECRET_PATTERNS: readonly SecretPattern[] = [
  {
    rule: 'secrets/private-key',
    what: 'a private key',
    pattern: /-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----/g,
    hints: new Hints(['private key']),
    confidence: 0.95,
  },
  {
    rule: 'secrets/provider-key',
    what: 'a key of a known issuer',
    pattern:
      /\b(?:sk-(?:proj-|ant-|or-v1-|live-|test-|svcacct-)?[A-Za-z0-9_-]{20,200}|(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{16,100}|gh[pousr]_[A-Za-z0-9]{30,100}|github_pat_[A-Za-z0-9_]{30,120}|glpat-[A-Za-z0-9_-]{18,60}|xox[abeprs]-[A-Za-z0-9-]{10,120}|hf_[A-Za-z0-9]{30,60}|npm_[A-Za-z0-9]{30,60}|pypi-[A-Za-z0-9_-]{40,200}|dop_v1_[a-f0-9]{60,70}|SG\.[A-Za-z0-9_-]{16,40}\.[A-Za-z0-9_-]{30,60}|AIza[A-Za-z0-9_-]{33,40}|ya29\.[A-Za-z0-9_-]{30,200}|llmt_[a-f0-9]{40,80})(?![A-Za-z0-9])/g,
    hints: new Hints([
      'sk-',
      '_live_',
      '_test_',
      'ghp_',
      'gho_',
      'ghu_',
      'ghs_',
      'ghr_',
      'github_pat_',
      'glpat-',
      'xox',
      'hf_',
      'npm_',
      'pypi-',
      'dop_v1_',
      'sg.',
      'aiza',
      'ya29.',
      'llmt_',
    ]),
    confidence: 0.9,
    holds: (found) => !isPlaceholder(found),
  },
  {
    rule: 'secrets/cloud-key',
    what: 'a key of a cloud account',
    pattern:
      /\b(?:AKIA|ASIA|AGPA|AROA|AIDA)[A-Z0-9]{16}(?![A-Za-z0-9])|\b(?:AccountKey|SharedAccessKey)=[A-Za-z0-9+/]{40,100}={0,2}/g,
    hints: new Hints(['akia', 'asia', 'agpa', 'aroa', 'aida', 'accesskey=', 'accountkey=']),
    confidence: 0.9,
    holds: (found) => !isPlaceholder(found),
  },
  {
    rule: 'secrets/json-web-token',
    what: 'a JSON Web Token',
    pattern: /\beyJ[A-Za-z0-9_-]{8,400}\.eyJ[A-Za-z0-9_-]{8,1000}\.[A-Za-z0-9_-]{10,700}/g,
    hints: new Hints(['eyj']),
    confidence: 0.9,
    holds: (found) => isTokenHead(found.split('.')[0] ?? ''),
  },
  {
    rule: 'secrets/url-with-password',
    what: 'an address with a password in it',
    pattern:
      /\b[a-z][a-z0-9+.-]{2,20}:\/\/[^\s:/@"']{1,80}:[^\s@/"'<>{}[\]]{3,120}@[\w.-]{3,120}/gi,
    hints: new Hints(['://']),
    confidence: 0.85,
    holds: (found) => !isPlaceholder(/:([^:@]{3,120})@/.exec(found.slice(8))?.[1] ?? found),
  },
  {
    rule: 'secrets/webhook',
    what: 'an address that anyone who knows it may post to',
    pattern:
      /https:\/\/(?:hooks\.slack\.com\/services\/[A-Z0-9]{6,20}\/[A-Z0-9]{6,20}\/[A-Za-z0-9]{16,40}|discord(?:app)?\.com\/api\/webhooks\/\d{10,25}\/[\w-]{30,120}|[\w.-]{3,60}\/hooks?\/[\w/-]{24,120})/g,
    hints: new Hints(['hook']),
    confidence: 0.8,
  },
  {
    rule: 'secrets/assignment',
    what: 'a password or key by its name',
    pattern:
      /\b(?:password|passwd|pwd|passwort|secret|api[_ -]?key|access[_ -]?key|secret[_ -]?key|auth[_ -]?token|access[_ -]?token|client[_ -]?secret|token)["']?\s{0,3}(?:[:=]|\bis\b)\s{0,3}["'`]?([^\s"'`,;]{8,200})/gi,
    hints: new Hints([
      'passw',
      'pwd',
      'secret',
      'token',
      'apikey',
      'api_key',
      'api-key',
      'api key',
      'accesskey',
      'access_key',
      'access-key',
      'access key',
    ]),
    confidence: 0.7,
    holds: (found) => {
      const value = /(?:[:=]|\bis\b)\s{0,3}["'`]?([^\s"'`,;]{8,200})$/i.exec(found)?.[1] ?? ''
      return looksRandom(value) && !isPlaceholder(value)
    },
  },
]

const COMMON = { type: 'secret_leakage', family: 'secret' } as const

export const secrets: PieceDetector = {
  name: 'secrets',
  inspect({ text, trigrams, answer }) {
    const searched = { text, lower: text.toLowerCase(), trigrams }
    return SECRET_PATTERNS.flatMap((one): Signal[] => {
      const [match] = rangesOf(searched, one)
      if (match === undefined) return []
      return [
        {
          ...COMMON,
          // What a user sends is the user's own; what an answer shows has leaked.
          severity: answer ? 'High' : 'Medium',
          confidence: one.confidence,
          description: `${one.what} in ${answer ? 'the answer' : 'the prompt'}`,
          rule: one.rule,
          evidence: excerpt(text, match.index, match.index + match.length),
        },
      ]
    })
  },
}

/** All secrets of a text, as parts of it. */
export function secretRanges(text: string): { index: number; length: number }[] {
  const searched = { text, lower: text.toLowerCase(), trigrams: trigramsOf(text) }
  return SECRET_PATTERNS.flatMap((one) => rangesOf(searched, one))
}

interface Searched {
  readonly text: string
  readonly lower: string
  readonly trigrams: Trigrams | undefined
}

function rangesOf({ text, lower, trigrams }: Searched, { pattern, hints, holds }: SecretPattern) {
  if (!hints.within(lower, trigrams)) return []
  return Array.from(text.matchAll(pattern), ({ 0: found, index }) => ({ found, index }))
    .filter(({ found }) => holds?.(found) ?? true)
    .map(({ found, index }) => ({ index, length: found.length }))
}

/** Examples and what is to be filled in: `your-key-here`, `xxxx`, `${KEY}`, `<password>`. */
function isPlaceholder(value: string): boolean {
  return (
    /x{4}|\*{3}|\.{3}|0{8}|<|>|\$\{|\{\{|your|example|placeholder|change[-_]?me|redacted|dummy|todo|sample/i.test(
      value,
    ) || /^(.)\1{0,200}$/.test(value.slice(-8))
  )
}

/** Letters and digits mixed, as a made-up word is not. */
function looksRandom(value: string): boolean {
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((kind) => kind.test(value)).length
  return kinds >= 3 || (kinds >= 2 && value.length >= 16 && /\d/.test(value))
}

function isTokenHead(part: string): boolean {
  return Buffer.from(part, 'base64url').toString('latin1').includes('"alg"')
}
