import { createRandom, integerBelow } from '../../src/stats/random.ts'
import type { NamedPattern } from '../../src/servers/proxy/patterns.ts'

const ATOMS = [
  ...'a A 1 0 f . - _ / = " \' < ( [ { : | % + @ ; & # $ ` ! * ~ \\ é 你'.split(' '),
  ' ',
  '\n',
  '\t',
  'a ',
  '- ',
  '1 ',
  '\n\n',
]

/**
 * Texts of `length` characters that are hard for this expression, if any are: pieces of what it looks for, repeated so
 * that it begins to match at every place and comes to no end.
 */
export function hostileTexts(
  { name, pattern }: NamedPattern,
  length: number,
  count: number,
): string[] {
  const random = createRandom(`hostile/${name}`)
  const words = pattern.source.match(/[a-zA-Z]{2,}|:\/\/|--+|<!--|&#/g) ?? []
  const parts = [...ATOMS, ...words, ...words.map((word) => `${word} `)]
  const pick = () => parts[integerBelow(random, parts.length)] ?? 'a'
  const texts = ATOMS.map((atom) => repeated(atom, length))
  while (texts.length < count) {
    const unit = Array.from({ length: 1 + integerBelow(random, 4) }, pick).join('')
    // A beginning, once, and then what keeps it going.
    texts.push(`${pick()}${pick()}${repeated(unit, length)}`.slice(0, length))
  }
  return texts
}

function repeated(unit: string, length: number): string {
  // Flat: a rope would be flattened by whoever is measured first.
  return Buffer.from(unit.repeat(Math.ceil(length / unit.length)).slice(0, length)).toString('utf8')
}

/** How long it takes to find all matches, ms: the least of some tries, which others on the machine disturbed least. */
export function timeOf(pattern: RegExp, text: string, tries: number): number {
  const global = new RegExp(
    pattern.source,
    pattern.flags.includes('g') ? pattern.flags : `${pattern.flags}g`,
  )
  let least = Number.POSITIVE_INFINITY
  for (let index = 0; index < tries; index += 1) {
    const startedAt = performance.now()
    text.replace(global, '')
    least = Math.min(least, performance.now() - startedAt)
  }
  return least
}

/** How long it takes to look at each character once, ms. */
export function plainScanMs(text: string, tries: number): number {
  let least = Number.POSITIVE_INFINITY
  for (let index = 0; index < tries; index += 1) {
    const startedAt = performance.now()
    let sum = 0
    for (let at = 0; at < text.length; at += 1) sum = (sum * 31 + text.charCodeAt(at)) | 0
    least = Math.min(least, performance.now() - startedAt + (sum === 1 ? 1 : 0))
  }
  return least
}
