import { Lexicon, type Tokens } from '../text/tokens.ts'
import { firstWords, matchPhrase, type Phrase } from './phrase.ts'
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
}

/** Rules, with their phrases by first word, so that a text is looked at once for all of them. */
export class RuleSet {
  readonly rules: readonly Rule[]
  readonly lexicon: Lexicon
  private readonly byFirstWord: (readonly IndexedPhrase[] | undefined)[] = []
  private readonly withPatterns: readonly number[]

  private constructor(rules: readonly Rule[], lexicon: Lexicon) {
    this.rules = rules
    this.lexicon = lexicon
    this.withPatterns = rules.flatMap(({ patterns }, index) => (patterns.length > 0 ? [index] : []))
    for (const [index, rule] of rules.entries()) {
      for (const phrase of rule.phrases) this.index({ phrase, rule: index, veto: false })
      for (const phrase of rule.unless) this.index({ phrase, rule: index, veto: true })
    }
  }

  /** Throws RuleError. */
  static compile(sources: readonly RuleSource[]): RuleSet {
    const lexicon = new Lexicon()
    return new RuleSet(compileRules(sources, lexicon), lexicon)
  }

  /** The first match of each rule for this role. */
  scan(tokens: Tokens, role: Role): RuleHit[] {
    const { rules } = this
    const hits: (RuleHit | undefined)[] = []
    const vetoed = new Set<number>()
    for (let at = 0; at < tokens.count; at += 1) {
      const phrases = this.byFirstWord[tokens.ids[at] ?? 0]
      if (phrases === undefined) continue
      for (const { phrase, rule: index, veto } of phrases) {
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

  private index(entry: IndexedPhrase): void {
    for (const word of new Set(firstWords(entry.phrase))) {
      this.byFirstWord[word] = [...(this.byFirstWord[word] ?? []), entry]
    }
  }
}
