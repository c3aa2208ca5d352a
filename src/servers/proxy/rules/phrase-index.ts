import { BREAK, type Tokens } from '../text/tokens.ts'
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

/** Words of which one has to follow, how soon, and whether it may be in another sentence. */
interface Follower {
  /** A bit for each word. */
  readonly words: Uint32Array
  readonly reach: number
  readonly across: boolean
}

/** The phrases that begin with a word. */
interface Beginning {
  /** Those that the next word says nothing of. */
  readonly open: readonly IndexedPhrase[]
  /** By the next word, where some phrases ask for that: those and the open ones, in the order of rules. */
  readonly bySecond: ReadonlyMap<number, readonly IndexedPhrase[]>
}

interface Entry {
  readonly indexed: IndexedPhrase
  readonly seconds: readonly number[] | undefined
}

/** Looked at before a phrase is tried; more are seldom worth it. */
const MOST_FOLLOWERS = 2

const NONE: readonly never[] = []

const PAIR_PLACES = 1 << 15

function placeOf(first: number, second: number): number {
  return (Math.imul(first, 0x9e3779b1) + second) & (PAIR_PLACES - 1)
}

/** Phrases by how they begin, each with words that tell early that it cannot go on. */
export class PhraseIndex {
  private readonly beginnings: (Beginning | undefined)[] = []
  /** Marks for pairs of words that some phrase begins with, by `placeOf`: few texts have one, and most others no mark. */
  private readonly pairs = new Uint8Array(PAIR_PLACES)
  private readonly sets = new Map<string, Uint32Array>()

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
      if (some === undefined) continue
      const beginning = beginningOf(some)
      this.beginnings[first] = beginning
      for (const second of beginning.bySecond.keys()) this.pairs[placeOf(first, second)] = 1
    }
  }

  /** The phrases that may match where these two words stand. */
  beginningWith(first: number, second: number): readonly IndexedPhrase[] {
    const beginning = this.beginnings[first]
    if (beginning === undefined) return NONE
    if (this.pairs[placeOf(first, second)] === 0) return beginning.open
    return beginning.bySecond.get(second) ?? beginning.open
  }

  private followerOf({ words, reach, across }: Need): Follower {
    const key = words.toSorted((one, other) => one - other).join(',')
    const set = this.sets.get(key) ?? bitsOf(words)
    this.sets.set(key, set)
    return { words: set, reach, across }
  }
}

function bitsOf(words: readonly number[]): Uint32Array {
  const bits = new Uint32Array((Math.max(0, ...words) >> 5) + 1)
  for (const word of words) bits[word >> 5] = (bits[word >> 5] ?? 0) | (1 << (word & 31))
  return bits
}

/** Whether all that a phrase needs follows so soon that it is worth while to try it. */
export function followSoon({ followers }: IndexedPhrase, tokens: Tokens, at: number): boolean {
  for (const follower of followers) if (!follows(follower, tokens, at)) return false
  return true
}

function follows({ words, reach, across }: Follower, tokens: Tokens, start: number): boolean {
  const { ids } = tokens
  const end = Math.min(tokens.count, start + reach + 1)
  for (let at = start + 1; at < end; at += 1) {
    const word = ids[at] as number
    if (word > 0) {
      // What is beyond the end is undefined, which has no bits.
      if ((((words[word >> 5] as number) >>> (word & 31)) & 1) === 1) return true
    } else if (word === BREAK && !across) return false
  }
  return false
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
    bySecond: new Map(Array.from(words, (word) => [word, phrasesOf(after(word))])),
  }
}
