import { foldText } from '../text/fold-text.ts'
import { Lexicon, Tokenizer, type Tokens } from '../text/tokens.ts'
import { firstWords, matchPhrase, type Phrase, spanOf } from './phrase.ts'
import type { Role, Rule } from './rule.ts'
import { compileRules, type RuleSource } from './rule-file.ts'

/** Where a rule matched, as a part of the text. */
export interface RuleHit {
  readonly rule: Rule
  readonly start: number
  readonly end: number
}

interface IndexedPhrase {
  readonly phrase: Phrase
  readonly rule: number
  readonly veto: boolean
  /** The sets of words of which one has to follow. */
  readonly needs: readonly number[]
  /** How many words a match may reach over. */
  readonly span: number
}

/** Sets of words that steps begin with, each once, and which of them a word is in. */
class WordSets {
  private readonly numbers = new Map<string, number>()
  readonly setsOf: (number[] | undefined)[] = []

  get count(): number {
    return this.numbers.size
  }

  numberOf(words: readonly number[]): number {
    const key = words.toSorted((one, other) => one - other).join(',')
    const known = this.numbers.get(key)
    if (known !== undefined) return known
    const number = this.numbers.size
    this.numbers.set(key, number)
    for (const word of words) (this.setsOf[word] ??= []).push(number)
    return number
  }
}

/** Rules, with their phrases by first word, so that a text is looked at once for all of them. */
export class RuleSet {
  readonly rules: readonly Rule[]
  readonly lexicon: Lexicon
  /** Shared: what it gives is used up before anybody else gets to run. */
  readonly tokenizer: Tokenizer
  private readonly byFirstWord: (IndexedPhrase[] | undefined)[] = []
  private readonly withPatterns: readonly number[]
  private readonly sets = new WordSets()
  /** Where the next word of each set stands in the text that is looked at. */
  private readonly nextAt: Int32Array

  private constructor(rules: readonly Rule[], lexicon: Lexicon) {
    this.rules = rules
    this.lexicon = lexicon
    this.tokenizer = new Tokenizer(lexicon)
    this.withPatterns = rules.flatMap(({ patterns }, index) => (patterns.length > 0 ? [index] : []))
    for (const [index, rule] of rules.entries()) {
      for (const phrase of rule.phrases) this.index(phrase, index, false)
      for (const phrase of rule.unless) this.index(phrase, index, true)
    }
    this.nextAt = new Int32Array(this.sets.count)
  }

  /** Throws RuleError. */
  static compile(sources: readonly RuleSource[]): RuleSet {
    const lexicon = new Lexicon()
    return new RuleSet(compileRules(sources, lexicon), lexicon)
  }

  /** The first test of a rule that it does not pass, in words; undefined where all pass. */
  failedTest(rule: Rule): string | undefined {
    const [role = 'user'] = rule.roles
    const matches = (text: string) =>
      this.scan(this.tokenizer.tokenize(foldText(text).text), role).some((hit) => hit.rule === rule)
    const missed = rule.tests.match.find((text) => !matches(text))
    if (missed !== undefined) return `${rule.id} does not match "${missed}"`
    const wrong = rule.tests.ignore.find((text) => matches(text))
    return wrong === undefined ? undefined : `${rule.id} matches "${wrong}"`
  }

  /**
   * One match of each rule for this role. Goes through the text backwards, so that it is known for every word which
   * others follow soon: most phrases need not be tried then.
   */
  scan(tokens: Tokens, role: Role): RuleHit[] {
    const { rules, nextAt } = this
    const hits: (RuleHit | undefined)[] = []
    const vetoed = new Set<number>()
    nextAt.fill(NOWHERE)
    for (let at = tokens.count - 1; at >= 0; at -= 1) {
      const word = tokens.ids[at] ?? 0
      if (word <= 0) continue
      for (const number of this.sets.setsOf[word] ?? []) nextAt[number] = at
      for (const indexed of this.byFirstWord[word] ?? []) {
        if (!followSoon(indexed, nextAt, at)) continue
        const { phrase, rule: index, veto } = indexed
        const rule = rules[index]
        if (rule === undefined || !rule.roles.has(role)) continue
        if (veto ? vetoed.has(index) : hits[index] !== undefined) continue
        const end = matchPhrase(phrase, tokens, at)
        if (end === undefined) continue
        if (veto) vetoed.add(index)
        else hits[index] = { rule, start: tokens.starts[at] ?? 0, end: tokens.ends[end - 1] ?? 0 }
      }
    }
    this.scanPatterns(tokens.text, role, hits)
    return hits.filter((hit, index) => hit !== undefined && !vetoed.has(index)) as RuleHit[]
  }

  private scanPatterns(text: string, role: Role, hits: (RuleHit | undefined)[]): void {
    let lower: string | undefined
    for (const index of this.withPatterns) {
      const rule = this.rules[index]
      if (rule === undefined || hits[index] !== undefined || !rule.roles.has(role)) continue
      for (const { expression, hints } of rule.patterns) {
        lower ??= text.toLowerCase()
        const hinted = lower
        if (hints.length > 0 && !hints.some((hint) => hinted.includes(hint))) continue
        const found = expression.exec(text)
        if (found === null) continue
        hits[index] = { rule, start: found.index, end: found.index + found[0].length }
        break
      }
    }
  }

  private index(phrase: Phrase, rule: number, veto: boolean): void {
    const span = spanOf(phrase)
    // The first word is there, and the rarest tell most.
    const needs = phrase.steps
      .slice(1)
      .filter(({ optional }) => !optional)
      .map(({ alternatives }) => [...alternatives.keys()])
      .toSorted((one, other) => one.length - other.length)
      .slice(0, MOST_NEEDS)
      .map((words) => this.sets.numberOf(words))
    for (const word of firstWords(phrase)) {
      ;(this.byFirstWord[word] ??= []).push({ phrase, rule, veto, needs, span })
    }
  }
}

/** Looked at before a phrase is tried; more are seldom worth it. */
const MOST_NEEDS = 2

const NOWHERE = 0x7fffffff

function followSoon({ needs, span }: IndexedPhrase, nextAt: Int32Array, at: number): boolean {
  const last = at + span
  for (const number of needs) if ((nextAt[number] ?? NOWHERE) > last) return false
  return true
}
