import { beginningsOf, type Need, needsOf, type Phrase } from './phrase.ts'

/** A phrase of a rule, and what has to follow its first word. */
export interface IndexedPhrase {
  readonly phrase: Phrase
  /** The rule's place among the rules. */
  readonly rule: number
  /** Whether a match voids the rule. */
  readonly veto: boolean
  readonly followers: readonly Follower[]
}

/** A set of words of which one has to follow, how soon, and whether it may be in another sentence. */
interface Follower {
  readonly set: number
  readonly reach: number
  readonly across: boolean
}

/** The phrases that begin with a word. */
interface Beginning {
  /** Those that the next word says nothing of. */
  readonly open: readonly IndexedPhrase[]
  /** By the next word, where some phrases ask for that: those and the open ones, in the order of rules. */
  readonly bySecond: ReadonlyMap<number, readonly IndexedPhrase[]> | undefined
}

interface Entry {
  readonly indexed: IndexedPhrase
  readonly seconds: readonly number[] | undefined
}

/** Looked at before a phrase is tried; more are seldom worth it. */
const MOST_FOLLOWERS = 2

export const NOWHERE = 0x7fffffff
const NONE: readonly never[] = []

/** Phrases by how they begin, and sets of words that tell early that a phrase cannot go on. */
export class PhraseIndex {
  private readonly beginnings: (Beginning | undefined)[] = []
  private readonly setsOf: (number[] | undefined)[] = []
  private readonly numbers = new Map<string, number>()

  constructor(phrases: readonly Omit<IndexedPhrase, 'followers'>[]) {
    const needs = phrases.map(({ phrase }) => needsOf(phrase))
    const weigh = commonness(needs.flat())
    const entries: Entry[][] = []
    for (const [at, one] of phrases.entries()) {
      const rarest = (needs[at] ?? []).toSorted((some, others) => weigh(some) - weigh(others))
      const followers = rarest.slice(0, MOST_FOLLOWERS).map((need) => this.followerOf(need))
      for (const [first, seconds] of beginningsOf(one.phrase)) {
        ;(entries[first] ??= []).push({ indexed: { ...one, followers }, seconds })
      }
    }
    for (const [first, some] of entries.entries()) {
      // Words that begin nothing leave holes.
      if (some !== undefined) this.beginnings[first] = beginningOf(some)
    }
  }

  get setCount(): number {
    return this.numbers.size
  }

  /** The sets that a word is in. */
  setsWith(word: number): readonly number[] {
    return this.setsOf[word] ?? NONE
  }

  /** The phrases that may match where these two words stand. */
  beginningWith(first: number, second: number): readonly IndexedPhrase[] {
    const beginning = this.beginnings[first]
    if (beginning === undefined) return NONE
    return beginning.bySecond?.get(second) ?? beginning.open
  }

  private followerOf({ words, reach, across }: Need): Follower {
    const key = words.toSorted((one, other) => one - other).join(',')
    const known = this.numbers.get(key)
    if (known !== undefined) return { set: known, reach, across }
    const set = this.numbers.size
    this.numbers.set(key, set)
    for (const word of words) (this.setsOf[word] ??= []).push(set)
    return { set, reach, across }
  }
}

/** Whether all that a phrase needs follows so soon that it is worth while to try it. */
export function followSoon(
  { followers }: IndexedPhrase,
  nextAt: Int32Array,
  at: number,
  sentenceEnd: number,
): boolean {
  for (const { set, reach, across } of followers) {
    const next = nextAt[set] as number
    if (next - at > reach || (next > sentenceEnd && !across)) return false
  }
  return true
}

/** How common the words of a need are, as far as rules tell: a word of many needs, such as `the`, is a common one. */
function commonness(needs: readonly Need[]): (need: Need) => number {
  const counts = new Map<number, number>()
  for (const { words } of needs) {
    for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  return ({ words }) => words.reduce((sum, word) => sum + (counts.get(word) ?? 0), 0)
}

function beginningOf(entries: readonly Entry[]): Beginning {
  const open = entries.filter(({ seconds }) => seconds === undefined)
  const words = new Set(entries.flatMap(({ seconds }) => seconds ?? []))
  const after = (word: number) =>
    entries.filter(({ seconds }) => seconds === undefined || seconds.includes(word))
  const phrasesOf = (some: readonly Entry[]) => some.map(({ indexed }) => indexed)
  return {
    open: phrasesOf(open),
    bySecond:
      words.size === 0
        ? undefined
        : new Map(Array.from(words, (word) => [word, phrasesOf(after(word))])),
  }
}
