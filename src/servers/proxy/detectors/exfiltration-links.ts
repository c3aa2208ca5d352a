import { excerpt, type PieceDetector, type Signal } from './detector.ts'

/** Addresses with room for data, and images that load on their own. */
export const EXFILTRATION_PATTERNS = {
  image: /!\[[^[\]\n]{0,120}\]\(\s?https?:\/\/[^\s)]{4,400}\)/gi,
  reference: /\[[^[\]\n]{1,60}\]:\s?https?:\/\/[^\s]{4,400}/gi,
  tag: /<(?:img|iframe|script|link|object|embed|video|audio|source)\b[^>]{0,200}(?:src|href|data)\s?=\s?["']?https?:\/\/[^\s"'>]{4,400}/gi,
  style: /(?:url\(|@import)\s?["']?https?:\/\/[^\s"')]{4,400}/gi,
  url: /https?:\/\/[^\s"'<>)\]]{4,200}(?:<[^>\n]{1,60}>|\[[^\]\n]{1,60}\]|\{[^}\n]{1,60}\})?[^\s"')\]]{0,200}/gi,
} as const

/** Something that is to be filled in: braces, brackets, capitals joined by plus, an empty value, dots. */
const PLACEHOLDER =
  /[=/]\s?(?:\{\{?[^}]{1,60}\}|<[^>]{1,60}>|\[[^\]]{1,60}\]|\$\{?\w{1,40}|%[A-Z_]{3,40}%|\.{3}|…|[A-Z]{3,20}(?:\+[A-Z]{2,20}){1,5}|[A-Z]{4,20}(?:[-_][A-Z]{2,20}){0,4}(?=[\s&)"'\]]|$))|[?&]\w{1,20}=(?=\s|$|&|\)|")/

/** What is to be filled in, in words: a description of data and no name of a parameter. */
const DESCRIBED =
  /[?&][\w-]{1,30}=(?:<[^>\s]{1,30}\s[^>]{1,60}>|\[[^\]\s]{1,30}\s[^\]]{1,60}\]|\{[^}\s]{1,30}\s[^}]{1,60}\})/

/** A long value, as encoded data is. */
const CARRIED = /[?&][\w-]{1,30}=[A-Za-z0-9+/%_-]{48,400}/

const OWN_HOSTS = /^https?:\/\/(?:localhost|127\.0\.0\.1)(?::\d{1,5})?(?:\/|$)/i

export const exfiltrationLinks: PieceDetector = {
  name: 'exfiltration-links',
  inspect({ text, answer }) {
    if (!text.includes('://')) return []
    const loading = [
      EXFILTRATION_PATTERNS.image,
      EXFILTRATION_PATTERNS.reference,
      EXFILTRATION_PATTERNS.tag,
      EXFILTRATION_PATTERNS.style,
    ].flatMap((pattern) => found(text, pattern))
    const links = found(text, EXFILTRATION_PATTERNS.url)
    const signals: Signal[] = []
    const filled = loading.find((one) => (answer ? CARRIED : PLACEHOLDER).test(one.whole))
    if (filled !== undefined) signals.push(signal('image', filled, 0.85))
    const link = links.find((one) => (answer ? CARRIED : PLACEHOLDER).test(one.whole))
    if (filled === undefined && link !== undefined && !answer) {
      const described = DESCRIBED.test(link.whole)
      signals.push({ ...signal('link', link, described ? 0.82 : 0.5), weak: !described })
    }
    return signals
  },
}

function signal(what: string, { shown, index }: Found, confidence: number): Signal {
  return {
    type: 'data_exfiltration',
    family: 'exfiltration-link',
    severity: 'High',
    confidence,
    description:
      what === 'image'
        ? 'an address that is loaded on its own, with data in it or room for some'
        : 'an address with room for data',
    rule: `exfiltration-links/${what}`,
    evidence: shown,
    at: index,
  }
}

interface Found {
  readonly whole: string
  readonly shown: string
  readonly index: number
}

function found(text: string, pattern: RegExp): Found[] {
  return Array.from(text.matchAll(pattern), ({ 0: whole, index }) => ({
    whole,
    index,
    shown: excerpt(text, index, index + whole.length),
  })).filter(({ whole }) => !OWN_HOSTS.test(whole))
}
