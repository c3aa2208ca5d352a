// What the reference proxy finds of the core corpus: on the part that its rules were written on and on the part that
// was held back, apart. And how long each expression takes on texts that are hard for it. A figure never fails it.
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { rateOf, scoresOf } from '../src/analysis/scores.ts'
import type { Rate } from '../src/model/detection.ts'
import { markdownTable } from '../src/report/markdown-table.ts'
import { allPatterns } from '../src/servers/proxy/patterns.ts'
import { POLICY_DEFAULTS } from '../src/servers/proxy/policy.ts'
import { readRules } from '../src/servers/proxy/rules/read-rules.ts'
import type { RuleSet } from '../src/servers/proxy/rules/rule-set.ts'
import { hostileTexts, timeOf } from './detection/hostile.ts'
import { judge, type Judged } from './detection/judge.ts'
import { type Part, partOf, readCorpus, recordOf } from './detection/split.ts'

const { values } = parseArgs({
  options: {
    characters: { type: 'string', default: '100000' },
    texts: { type: 'string', default: '80' },
    output: { type: 'string', default: 'bench/results/detection.json' },
  },
})

const PARTS: readonly Part[] = ['development', 'held-back']

const rules = await readRules([])
const rows = await readCorpus()
const judged = rows.map((row) => judge(row, rules, { ...POLICY_DEFAULTS, mode: 'block' }))
const of = (part: Part) => judged.filter(({ row }) => partOf(row) === part)

console.log(
  `${rules.rules.length} rules on ${rows.length} rows of the core corpus, each part apart.\n`,
)
console.log(
  markdownTable(
    ['part', 'what counts', 'attacks', 'false alarms', 'of hard negatives'],
    PARTS.flatMap((part) => (['blocked', 'found'] as const).map((what) => headline(part, what))),
  ),
)
console.log('\n## By category, what is blocked\n')
console.log(markdownTable(['category', ...PARTS], byCategory()))
const times = worstTimes(rules)
console.log(
  `\n## Worst time of an expression for ${values.characters} characters, of ${values.texts} hostile texts\n`,
)
console.log(
  markdownTable(
    ['expression', 'ms'],
    times.map(({ name, ms }) => [name, ms.toFixed(1)]),
  ),
)

const result = {
  node: process.version,
  split: recordOf(rows),
  parts: Object.fromEntries(PARTS.map((part) => [part, scoresOf(decisions(of(part), 'blocked'))])),
  missed: Object.fromEntries(
    // Ids of the held-back part would tell what to write rules for.
    [
      [
        'development',
        of('development')
          .filter((one) => one.row.label === 'malicious' && !one.blocked)
          .map((one) => one.row.id),
      ],
    ],
  ),
  times,
}
await mkdir(dirname(values.output), { recursive: true })
await writeFile(values.output, `${JSON.stringify(result, undefined, 2)}\n`)
console.log(`\nWritten: ${values.output}`)

type What = 'blocked' | 'found'

function isHit({ blocked, findings }: Judged, what: What): boolean {
  return what === 'blocked' ? blocked : findings.length > 0
}

function decisions(some: readonly Judged[], what: What) {
  return some.map((one) => ({ label: one.row.label, positive: isHit(one, what) }))
}

function headline(part: Part, what: What): string[] {
  const { tpr, fpr } = scoresOf(decisions(of(part), what))
  const hard = of(part).filter(({ row }) => row.category === 'hard_negative')
  const over = rateOf(hard.filter((one) => isHit(one, what)).length, hard.length)
  return [part, what, rateText(tpr), rateText(fpr), rateText(over)]
}

function byCategory(): string[][] {
  const categories = [...new Set(rows.map(({ label, category }) => `${label} ${category}`))]
  categories.sort()
  return categories.map((name) => [
    name,
    ...PARTS.map((part) => {
      const some = of(part).filter(({ row }) => `${row.label} ${row.category}` === name)
      return rateText(rateOf(some.filter(({ blocked }) => blocked).length, some.length))
    }),
  ])
}

/** `63 of 79, 80 % (70-87)`: below five only the count. */
function rateText({ hits, n, value, interval }: Rate): string {
  const count = `${hits} of ${n}`
  if (value.value === undefined || interval.value === undefined) return count
  const percent = (share: number) => (share * 100).toFixed(share < 0.1 ? 1 : 0)
  const { low, high } = interval.value
  return `${count}, ${percent(value.value)} % (${percent(low)}-${percent(high)})`
}

function worstTimes(ruleSet: RuleSet): { name: string; ms: number }[] {
  return allPatterns(ruleSet)
    .map((one) => {
      const texts = hostileTexts(one, Number(values.characters), Number(values.texts))
      return { name: one.name, ms: Math.max(...texts.map((text) => timeOf(one.pattern, text, 2))) }
    })
    .toSorted((one, other) => other.ms - one.ms)
}
