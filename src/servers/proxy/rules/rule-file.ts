import { parse } from 'yaml'
import { z } from 'zod'
import { SEVERITIES } from '../exchange-record.ts'
import { foldText } from '../text/fold-text.ts'
import { Hints } from '../text/hints.ts'
import type { Lexicon } from '../text/tokens.ts'
import { patternProblem } from './pattern-safety.ts'
import { requiredLiteral } from './required-literal.ts'
import { compilePhrase, type Phrase, type WordClasses } from './phrase.ts'
import type { Pattern, Role, Rule } from './rule.ts'

const SPOKEN: readonly Role[] = ['user', 'tool']

const RULE = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{1,60}$/),
  type: z
    .string()
    .regex(/^[a-z0-9_]{1,60}$/)
    .optional(),
  family: z.string().optional(),
  severity: z.enum(SEVERITIES).optional(),
  confidence: z.number().min(0).max(1),
  description: z.string().min(1),
  weak: z.boolean().default(false),
  decoded: z.boolean().default(false),
  dampens: z.number().min(0).max(1).optional(),
  roles: z.array(z.enum(['system', 'user', 'assistant', 'tool'])).optional(),
  phrases: z.array(z.string()).default([]),
  unless: z.array(z.string()).default([]),
  patterns: z.array(z.string()).default([]),
  hints: z.array(z.string()).default([]),
  tests: z.strictObject({
    match: z.array(z.string()).min(1),
    ignore: z.array(z.string()).min(1),
  }),
})

const FILE = z.strictObject({
  type: z
    .string()
    .regex(/^[a-z0-9_]{1,60}$/)
    .default('prompt_injection'),
  severity: z.enum(SEVERITIES).default('High'),
  classes: z.record(z.string(), z.array(z.string())).default({}),
  rules: z.array(RULE).default([]),
})

type RuleEntry = z.infer<typeof RULE>
type RuleFile = z.infer<typeof FILE>

/** A file of rules: its name without folder and ending, and its text. */
export interface RuleSource {
  readonly name: string
  readonly text: string
}

/** Why rules cannot be used: the file, the rule, and what is wrong with it. */
export class RuleError extends Error {
  override readonly name = 'RuleError'
}

/**
 * Reads and compiles rule files. Word classes are shared by all of them. Throws RuleError for the first thing that is
 * wrong: rules are used whole or not at all.
 */
export function compileRules(sources: readonly RuleSource[], lexicon: Lexicon): Rule[] {
  const files = sources.map((source) => ({ name: source.name, file: readFile(source) }))
  const classes: Record<string, readonly string[]> = {}
  for (const { file } of files) {
    for (const [name, words] of Object.entries(file.classes)) classes[name] = words
  }
  const expanded = expandClasses(classes)
  const seen = new Set<string>()
  return files.flatMap(({ name, file }) =>
    file.rules.map((entry) => {
      const id = `${name}/${entry.id}`
      if (seen.has(id)) throw new RuleError(`${id}: there is another rule of this id`)
      seen.add(id)
      return compileRule(id, { entry, file, lexicon, classes: expanded })
    }),
  )
}

function readFile({ name, text }: RuleSource): RuleFile {
  let value: unknown
  try {
    value = parse(text)
  } catch (error) {
    throw new RuleError(
      `${name}: ${error instanceof Error ? error.message.split('\n')[0] : 'no YAML'}`,
    )
  }
  const read = FILE.safeParse(value)
  if (read.success) return read.data
  const [issue] = read.error.issues
  throw new RuleError(
    `${name}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? 'is no rule file'}`,
  )
}

/** Classes may name classes, two levels deep. */
function expandClasses(classes: WordClasses): WordClasses {
  const expand = (words: readonly string[]) =>
    words.flatMap((word) => (word.startsWith('@') ? (classes[word.slice(1)] ?? []) : [word]))
  const names = Object.keys(classes)
  return Object.fromEntries(names.map((name) => [name, expand(expand(classes[name] ?? []))]))
}

interface Surroundings {
  readonly entry: RuleEntry
  readonly file: RuleFile
  readonly lexicon: Lexicon
  readonly classes: WordClasses
}

function compileRule(id: string, { entry, file, lexicon, classes }: Surroundings): Rule {
  if (entry.phrases.length + entry.patterns.length === 0) {
    throw new RuleError(`${id}: has neither phrases nor patterns`)
  }
  const phrase = (source: string): Phrase => {
    try {
      return compilePhrase(foldText(source).text, lexicon, classes)
    } catch (error) {
      throw new RuleError(`${id}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return {
    id,
    type: entry.type ?? file.type,
    family: entry.family ?? id.split('/')[0] ?? id,
    severity: entry.severity ?? file.severity,
    confidence: entry.confidence,
    description: entry.description,
    weak: entry.weak,
    dampens: entry.dampens,
    decoded: entry.decoded,
    roles: new Set(entry.roles ?? SPOKEN),
    phrases: entry.phrases.map((source) => phrase(source)),
    unless: entry.unless.map((source) => phrase(source)),
    patterns: entry.patterns.map((source) => compilePattern(id, source)),
    hints: entry.hints.length === 0 ? undefined : new Hints(entry.hints),
    tests: entry.tests,
  }
}

function compilePattern(id: string, source: string): Pattern {
  const problem = patternProblem(source)
  if (problem !== undefined) throw new RuleError(`${id}: ${source} ${problem}`)
  try {
    // Without `u` where nothing asks for it: V8 searches faster.
    const flags = /\\[pPu]\{/.test(source) ? 'iu' : 'i'
    const literal = requiredLiteral(source)
    return {
      source,
      expression: new RegExp(source, flags),
      literal: literal === undefined ? undefined : new Hints([literal]),
    }
  } catch (error) {
    throw new RuleError(`${id}: ${error instanceof Error ? error.message : String(error)}`)
  }
}
