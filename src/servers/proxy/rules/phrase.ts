import { BREAK, type Lexicon, type Tokens } from '../text/tokens.ts'

/** One word or class of a phrase, with the words that may come before it. */
interface Step {
  /** How many other words may stand before. */
  readonly gap: number
  /** Whether they may be of another sentence. */
  readonly across: boolean
  readonly optional: boolean
  /** By its first word's id: what has to follow it. */
  readonly alternatives: ReadonlyMap<number, readonly (readonly number[])[]>
}

export interface Phrase {
  readonly source: string
  readonly steps: readonly Step[]
}

/** Word lists by name, as rule files define them. */
export type WordClasses = Readonly<Record<string, readonly string[]>>

/** Offsets of words are bits of a 32-bit number. */
const LONGEST_SPAN = 31

/**
 * Compiles a phrase: words, `{one|or another}`, `{@class}`, a final `?` for what may be left out, `~3` for up to three
 * words of the same sentence between, `~~3` for those of any. `reveal+` is the word with its regular endings. Throws
 * RangeError, with the reason, for what is none.
 */
export function compilePhrase(source: string, lexicon: Lexicon, classes: WordClasses): Phrase {
  const steps: Step[] = []
  let gap = 0
  let across = false
  for (const part of source.match(/\{[^}]*\}\??|\S+/g) ?? []) {
    const [, crossing, words] = /^~(~?)(\d{1,2})$/.exec(part) ?? []
    if (words !== undefined) {
      gap = Number(words)
      across = crossing === '~'
      continue
    }
    const optional = part.endsWith('?')
    const names = optional ? part.slice(0, -1) : part
    const spelled = wordsOf(names, classes).flatMap((word) => inflected(word))
    const sequences = spelled.map((word) => lexicon.addText(word))
    // A word of a script without spaces is several, and so is `don't know`.
    if (sequences.some((sequence) => sequence.length === 0)) {
      throw new RangeError(`${part} in "${source}" spells no word`)
    }
    steps.push({ gap, across, optional, alternatives: byFirst(sequences) })
    gap = 0
    across = false
  }
  if (gap > 0) throw new RangeError(`"${source}" ends with a gap`)
  if (steps.length === 0 || steps[0]?.optional === true || (steps[0]?.gap ?? 0) > 0) {
    throw new RangeError(`"${source}" has to begin with a word that must be there`)
  }
  const phrase = { source, steps }
  if (spanOf(phrase) > LONGEST_SPAN) {
    throw new RangeError(`"${source}" may reach over more than ${LONGEST_SPAN} words`)
  }
  return phrase
}

function wordsOf(part: string, classes: WordClasses): readonly string[] {
  if (!part.startsWith('{')) return [part]
  return part
    .slice(1, -1)
    .split('|')
    .flatMap((one) => {
      const name = one.trim()
      if (!name.startsWith('@')) return [name]
      const members = classes[name.slice(1)]
      if (members === undefined) throw new RangeError(`there is no class ${name}`)
      return members
    })
}

/** The regular endings of English; what is no word among them does no harm. */
function inflected(word: string): readonly string[] {
  if (!word.endsWith('+')) return [word]
  const base = word.slice(0, -1)
  const stem = base.endsWith('e') ? base.slice(0, -1) : base
  const doubled = /[^aeiou][aeiou][bdgmnpt]$/.test(base) ? base + (base.at(-1) ?? '') : stem
  const endings = [base, `${base}s`, `${stem}es`, `${stem}ed`, `${stem}ing`]
  return [...new Set([...endings, `${doubled}ed`, `${doubled}ing`])]
}

function byFirst(sequences: readonly (readonly number[])[]) {
  const alternatives = new Map<number, (readonly number[])[]>()
  for (const [first = BREAK, ...rest] of sequences) {
    alternatives.set(first, [...(alternatives.get(first) ?? []), rest])
  }
  return alternatives
}

/** How many words a match may reach over. */
export function spanOf({ steps }: Phrase): number {
  return steps.reduce((span, step) => span + step.gap + longestOf(step), 0)
}

function longestOf({ alternatives }: Step): number {
  return Math.max(...[...alternatives.values()].flat().map((rest) => rest.length + 1))
}

/** Words of which one has to follow the first of a phrase. */
export interface Need {
  readonly words: readonly number[]
  /** At most so many words further on. */
  readonly reach: number
  /** Whether it may be in another sentence. */
  readonly across: boolean
}

/** What has to follow the first word for a phrase to match. */
export function needsOf({ steps }: Phrase): Need[] {
  const needs: Need[] = []
  let reach = 0
  let across = false
  for (const [index, step] of steps.entries()) {
    reach += step.gap
    across ||= step.across
    const words = [...step.alternatives.keys()]
    if (index > 0 && !step.optional) needs.push({ words, reach, across })
    reach += longestOf(step)
  }
  return needs
}

/** The ids that a match can begin with, each with those that then have to be next; undefined where any may. */
export function beginningsOf({ steps }: Phrase): [first: number, seconds: number[] | undefined][] {
  const [begin, then] = steps
  const follows = then?.gap === 0 && !then.optional ? [...then.alternatives.keys()] : undefined
  return Array.from(begin?.alternatives ?? [], ([first, sequences]) => {
    const seconds = sequences.map(([second]) => (second === undefined ? follows : [second]))
    return [first, seconds.includes(undefined) ? undefined : seconds.flatMap((ids) => ids ?? [])]
  })
}

/**
 * The position after the match that begins at word `start`; undefined where none does. Follows all ways at once, as the
 * set of positions that each step can end at, so that no text makes it slow.
 */
export function matchPhrase({ steps }: Phrase, tokens: Tokens, start: number): number | undefined {
  let reached = 1
  for (const step of steps) {
    const begins = step.gap === 0 ? reached : widened(reached, step, tokens, start)
    let next = step.optional ? reached : 0
    for (let bits = begins; bits !== 0; bits &= bits - 1) {
      next |= endsFrom(step, tokens, start, 31 - Math.clz32(bits & -bits))
    }
    if (next === 0) return undefined
    reached = next
  }
  return start + 31 - Math.clz32(reached & -reached)
}

/** The offsets at which a step may begin: up to `gap` words after those reached. */
function widened(reached: number, { gap, across }: Step, tokens: Tokens, start: number): number {
  let begins = reached
  for (let bits = reached; bits !== 0; bits &= bits - 1) {
    const offset = 31 - Math.clz32(bits & -bits)
    for (let passed = 0; passed < gap; passed += 1) {
      const at = start + offset + passed
      if (at >= tokens.count || (!across && tokens.ids[at] === BREAK)) break
      if (offset + passed + 1 > LONGEST_SPAN) break
      begins |= 1 << (offset + passed + 1)
    }
  }
  return begins
}

function endsFrom(step: Step, tokens: Tokens, start: number, offset: number): number {
  const at = start + offset
  if (at >= tokens.count) return 0
  const sequences = step.alternatives.get(tokens.ids[at] ?? BREAK)
  if (sequences === undefined) return 0
  let ends = 0
  for (const rest of sequences) {
    const length = rest.length + 1
    const fits = at + length <= tokens.count && offset + length <= LONGEST_SPAN
    if (fits && rest.every((id, index) => tokens.ids[at + 1 + index] === id)) {
      ends |= 1 << (offset + length)
    }
  }
  return ends
}
