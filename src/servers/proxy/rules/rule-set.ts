import { foldText } from '../text/fold-text.ts'
import type { Trigrams } from '../text/hints.ts'
import { BREAK, Lexicon, Tokenizer, type Tokens } from '../text/tokens.ts'
import { matchPhrase, type Phrase } from './phrase.ts'
import { followSoon, PhraseIndex } from './phrase-index.ts'
import type { Role, Rule } from './rule.ts'
import { compileRules, type RuleSource } from './rule-file.ts'

/** Where a rule matched, as a part of the text. */
export interface RuleHit {
  readonly rule: Rule
  readonly start: number
  readonly end: number
}

interface Scan {
  readonly hits: (RuleHit | undefined)[]
  readonly trigrams: Trigrams | undefined
}

/** Rules, with their phrases by first word, so that a text is looked at once for all of them. */
export class RuleSet {
  readonly rules: readonly Rule[]
  readonly lexicon: Lexicon
  /** Shared: what it gives is used up before anybody else gets to run. */
  readonly tokenizer: Tokenizer
  private readonly phrases: PhraseIndex
  private readonly withPatterns: readonly number[]

  private constructor(rules: readonly Rule[], lexicon: Lexicon) {
    this.rules = rules
    this.lexicon = lexicon
    this.tokenizer = new Tokenizer(lexicon)
    this.withPatterns = rules.flatMap(({ patterns }, index) => (patterns.length > 0 ? [index] : []))
    this.phrases = new PhraseIndex(
      rules.flatMap(({ phrases, unless }, index) => [
        ...indexed(phrases, index, false),
        ...indexed(unless, index, true),
      ]),
    )
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

  /** One match of each rule for this role: the last, and of several phrases there the first. */
  scan(tokens: Tokens, role: Role, trigrams?: Trigrams): RuleHit[] {
    const { rules, phrases } = this
    const hits: (RuleHit | undefined)[] = []
    const vetoed = new Set<number>()
    for (let at = tokens.count - 1; at >= 0; at -= 1) {
      const word = tokens.ids[at] ?? 0
      if (word <= 0) continue
      for (const candidate of phrases.beginningWith(word, tokens.ids[at + 1] ?? BREAK)) {
        if (!followSoon(candidate, tokens, at)) continue
        const { phrase, rule: index, veto } = candidate
        const rule = rules[index]
        if (rule === undefined || !rule.roles.has(role)) continue
        if (veto ? vetoed.has(index) : hits[index] !== undefined) continue
        const end = matchPhrase(phrase, tokens, at)
        if (end === undefined) continue
        if (veto) vetoed.add(index)
        else hits[index] = { rule, start: tokens.starts[at] ?? 0, end: tokens.ends[end - 1] ?? 0 }
      }
    }
    this.scanPatterns(tokens.text, role, { hits, trigrams })
    return hits.filter((hit, index) => hit !== undefined && !vetoed.has(index)) as RuleHit[]
  }

  private scanPatterns(text: string, role: Role, { hits, trigrams }: Scan): void {
    const lower = text.toLowerCase()
    for (const index of this.withPatterns) {
      const rule = this.rules[index]
      if (rule === undefined || hits[index] !== undefined || !rule.roles.has(role)) continue
      const { patterns, hints } = rule
      if (hints?.within(lower, trigrams) === false) continue
      for (const { expression, literal } of patterns) {
        if (literal?.within(lower, trigrams) === false) continue
        const found = expression.exec(text)
        if (found === null) continue
        hits[index] = { rule, start: found.index, end: found.index + found[0].length }
        break
      }
    }
  }
}

function indexed(phrases: readonly Phrase[], rule: number, veto: boolean) {
  return phrases.map((phrase) => ({ phrase, rule, veto }))
}
