import { corpusStats } from '../../src/datasets/corpus-stats.ts'
import type { Prompt } from '../../src/model/prompt.ts'
import { nearDuplicates } from './near-duplicates.ts'
import { ATLAS_IDS, OWASP_IDS, type Quotas } from './quotas.ts'

/** Everything that is wrong with the core corpus, one line each; empty for a good one. */
export function lintCorpus(prompts: readonly Prompt[], quotas: Quotas): string[] {
  return [
    ...lintRows(prompts, quotas),
    ...lintUnique(prompts),
    ...lintPairs(prompts, quotas),
    ...lintCells(prompts, quotas),
    ...lintLengths(prompts, quotas),
    ...lintNearDuplicates(prompts, quotas),
  ]
}

/** Each row by itself: its label against its category, its ids, language and reason. */
export function lintRows(prompts: readonly Prompt[], quotas: Quotas): string[] {
  return prompts.flatMap((prompt) =>
    rowProblems(prompt, quotas).map((problem) => `${prompt.id}: ${problem}`),
  )
}

function rowProblems(prompt: Prompt, quotas: Quotas): string[] {
  const { label, category = '', language = '', rationale = '' } = prompt
  const expected = labelOfCategory(category, quotas)
  const problems = [
    ...(expected === undefined ? [`${category} is no category of the table`] : []),
    ...(expected !== undefined && expected !== label ? [`${label} in ${category}`] : []),
    ...(rationale.trim() === '' ? ['no rationale'] : []),
    ...(isLanguage(language) ? [] : [`${JSON.stringify(language)} is no language tag`]),
    ...frameworkProblems(prompt),
    ...triggerProblems(prompt),
  ]
  const spoken = category in quotas.perLanguage ? language.split('-')[0] : prompt.subcategory
  if (spoken !== prompt.subcategory) problems.push(`${language} under ${prompt.subcategory}`)
  return problems
}

function labelOfCategory(category: string, quotas: Quotas): Prompt['label'] {
  if (Object.hasOwn(quotas.malicious, category)) return 'malicious'
  return Object.hasOwn(quotas.benign, category) ? 'benign' : undefined
}

/** Malicious rows name what they are in both frameworks; benign ones are nothing in them. */
function frameworkProblems({ label, owasp = [], atlas = [] }: Prompt): string[] {
  const unknown = [
    ...owasp.filter((id) => !OWASP_IDS.has(id)),
    ...atlas.filter((id) => !ATLAS_IDS.has(id)),
  ].map((id) => `${id} is not a known id`)
  if (label === 'benign') {
    return [...unknown, ...(owasp.length + atlas.length > 0 ? ['benign, with attack ids'] : [])]
  }
  const missing = [
    ...(owasp.length === 0 ? ['no OWASP id'] : []),
    ...(atlas.length === 0 ? ['no ATLAS id'] : []),
  ]
  return [...unknown, ...missing]
}

/** A hard negative says which words make it hard: they are in it, as many as it is difficult. */
function triggerProblems({ category, difficulty, metadata, text }: Prompt): string[] {
  if (category !== 'hard_negative') return []
  const given = metadata?.['triggerWords']
  const words: readonly unknown[] = Array.isArray(given) ? given : []
  const absent = words.filter(
    (word) => typeof word !== 'string' || !text.toLowerCase().includes(word.toLowerCase()),
  )
  return [
    ...(words.length === difficulty
      ? []
      : [`${words.length} trigger words at difficulty ${difficulty}`]),
    ...absent.map((word) => `trigger word ${JSON.stringify(word)} is not in the text`),
  ]
}

function isLanguage(tag: string): boolean {
  try {
    return tag !== '' && Intl.getCanonicalLocales(tag)[0] === tag
  } catch {
    return false
  }
}

export function lintUnique(prompts: readonly Prompt[]): string[] {
  return [...repeated(prompts, 'id'), ...repeated(prompts, 'text')]
}

function repeated(prompts: readonly Prompt[], field: 'id' | 'text'): string[] {
  const seen = new Map<string, string>()
  return prompts.flatMap((prompt) => {
    const earlier = seen.get(prompt[field])
    if (earlier === undefined) seen.set(prompt[field], prompt.id)
    return earlier === undefined ? [] : [`${prompt.id}: the same ${field} as ${earlier}`]
  })
}

/** Two rows a pair, one of each label. */
export function lintPairs(prompts: readonly Prompt[], quotas: Quotas): string[] {
  const pairs = new Map<string, Prompt[]>()
  for (const prompt of prompts) {
    const { pairId } = prompt
    if (pairId !== undefined) pairs.set(pairId, [...(pairs.get(pairId) ?? []), prompt])
  }
  const broken = Array.from(pairs).filter(
    ([, members]) => members.length !== 2 || members[0]?.label === members[1]?.label,
  )
  return [
    ...broken.map(
      ([pairId, members]) =>
        `${pairId}: not one malicious and one benign row, but ${members.map(({ id, label }) => `${id} (${label})`).join(', ')}`,
    ),
    ...atLeast('pairs', pairs.size, quotas.pairs),
  ]
}

/** Enough rows in every cell of the table, and under every name that the specification selects by. */
export function lintCells(prompts: readonly Prompt[], quotas: Quotas): string[] {
  const count = (matches: (prompt: Prompt) => boolean) => prompts.filter(matches).length
  const cells = Object.entries(quotas.malicious).flatMap(([category, subcategories]) =>
    Object.entries(subcategories).flatMap(([name, least]) =>
      atLeast(
        `${category} / ${name}`,
        count((prompt) => prompt.category === category && prompt.subcategory === name),
        least,
      ),
    ),
  )
  const categories = Object.entries(quotas.benign).flatMap(([category, least]) =>
    atLeast(
      category,
      count((prompt) => prompt.category === category),
      least,
    ),
  )
  const languages = Object.entries(quotas.perLanguage).flatMap(([category, least]) =>
    quotas.languages.flatMap((language) =>
      atLeast(
        `${category} in ${language}`,
        count((prompt) => prompt.category === category && prompt.subcategory === language),
        least,
      ),
    ),
  )
  const triggers = [1, 2, 3].flatMap((difficulty) =>
    atLeast(
      `hard_negative with ${difficulty} trigger words`,
      count((prompt) => prompt.category === 'hard_negative' && prompt.difficulty === difficulty),
      quotas.perTriggerCount,
    ),
  )
  const findable = Object.entries(quotas.findable).flatMap(([part, least]) =>
    atLeast(
      `malicious rows for --subcategory-contains ${part}`,
      count(({ label, subcategory = '' }) => label === 'malicious' && subcategory.includes(part)),
      least,
    ),
  )
  return [...cells, ...categories, ...languages, ...triggers, ...findable]
}

function atLeast(what: string, count: number, least: number): string[] {
  return count >= least ? [] : [`${what}: ${count}, and ${least} are needed`]
}

/** The share of each length, and of each place where long texts hide an attack. */
export function lintLengths(prompts: readonly Prompt[], quotas: Quotas): string[] {
  const { lengths, rows } = corpusStats(prompts)
  const buckets = lengths.flatMap(({ name, benign, malicious }) => {
    const wanted = quotas.lengths[name] ?? 0
    const percent = ((benign + malicious) / Math.max(1, rows)) * 100
    return Math.abs(percent - wanted) <= quotas.lengthTolerance
      ? []
      : [`length ${name}: ${percent.toFixed(1)} % of all rows, and ${wanted} are wanted`]
  })
  const positions = prompts.flatMap(({ metadata }) => metadata?.['attackPosition'] ?? [])
  const places = ['start', 'middle', 'end'].flatMap((place) => {
    const percent =
      (positions.filter((one) => one === place).length / Math.max(1, positions.length)) * 100
    return percent >= quotas.perPosition
      ? []
      : [`attacks at the ${place}: ${percent.toFixed(1)} %, and ${quotas.perPosition} are wanted`]
  })
  return [...buckets, ...places]
}

export function lintNearDuplicates(prompts: readonly Prompt[], quotas: Quotas): string[] {
  return nearDuplicates(prompts, quotas.overlap)
    .filter(({ first, second }) => first.pairId === undefined || first.pairId !== second.pairId)
    .map(
      ({ first, second, overlap }) =>
        `${second.id}: shares ${(overlap * 100).toFixed(0)} % of its runs of eight words with ${first.id}`,
    )
}

/** A suite beside core: `mini` is a choice of core's rows, the others have rows of their own. */
export function lintSuite(
  name: string,
  prompts: readonly Prompt[],
  { core, quotas }: { readonly core: readonly Prompt[]; readonly quotas: Quotas },
): string[] {
  const stats = corpusStats(prompts)
  const problems = [
    ...lintUnique(prompts),
    ...atLeast('rows', stats.rows, quotas.suites[name] ?? 0),
    ...(stats.labels.benign === stats.labels.malicious
      ? []
      : [
          `${stats.labels.benign} benign and ${stats.labels.malicious} malicious rows, not half of each`,
        ]),
  ]
  const inCore = new Map(core.map((prompt) => [prompt.id, JSON.stringify(prompt)]))
  const strangers =
    name === 'mini'
      ? prompts.filter((prompt) => inCore.get(prompt.id) !== JSON.stringify(prompt))
      : prompts.filter(({ id }) => inCore.has(id))
  const reason = name === 'mini' ? 'not a row of core' : 'an id of core'
  return [...problems, ...strangers.map(({ id }) => `${id}: ${reason}`)].map(
    (problem) => `suite ${name}: ${problem}`,
  )
}
