import { unmeasured } from '../model/estimate.ts'
import type { BlockFigures, BlockRate, Summary } from '../model/summary.ts'
import { formatEstimate, formatRange } from './format.ts'
import { levelCell } from './load-tables.ts'
import { markdownTable } from './markdown-table.ts'

const RATE_HEADER = ['block rate', '95% CI', 'prompts']

const HEADER = [
  'endpoint',
  'conc',
  'allowed',
  'blocked',
  'undecided',
  'err',
  ...RATE_HEADER,
  'block p50',
  'block p95',
  'allowed mean',
  'p50',
  'p95',
  'p99',
]

const LATENCIES = ['mean', 'p50', 'p95', 'p99'] as const

type Judged = Summary & { readonly blocks: BlockFigures }

/** What was blocked beside what was answered, each ending in a line break; none where nothing was blocked. */
export function blockTables(summaries: readonly Summary[]): string[] {
  const judged = summaries.filter((one): one is Judged => one.blocks !== undefined)
  if (!judged.some(({ blocks }) => blocks.blocked > 0)) return []
  const labels = judged.flatMap((one) => labelRows(one))
  const header = ['endpoint', 'conc', 'label', 'blocked', 'decided', ...RATE_HEADER]
  return [
    `## Blocked (latencies apart)\n${markdownTable(HEADER, judged.map(row))}\n${rulesNote(judged)}`,
    ...(labels.length === 0 ? [] : [`## Blocked by Label\n${markdownTable(header, labels)}\n`]),
  ]
}

function row({ endpoint, level, blocks }: Judged): string[] {
  const { allowed, blocked, undecided, errors, rate, timeToBlock, allowedLatency } = blocks
  return [
    endpoint,
    levelCell(level),
    ...[allowed, blocked, undecided, errors].map(String),
    ...rateCells(rate),
    formatEstimate(timeToBlock.p50, 'ms'),
    formatEstimate(timeToBlock.p95, 'ms'),
    ...LATENCIES.map((name) => formatEstimate(allowedLatency[name], 'ms')),
  ]
}

function labelRows({ endpoint, level, blocks }: Judged): string[][] {
  return blocks.byLabel.map(({ label, rate }) => [
    endpoint,
    levelCell(level),
    label,
    String(rate.blocked),
    String(rate.decided),
    ...rateCells(rate),
  ])
}

function rateCells({ value, interval, prompts }: BlockRate): string[] {
  const range =
    interval.value === undefined
      ? formatEstimate(unmeasured(interval.reason), 'ratio')
      : formatRange(interval, 'ratio')
  return [formatEstimate(value, 'ratio'), range, String(prompts)]
}

/** `Known by: llmtrace/enforcement 40, user/status==403 2.` */
function rulesNote(judged: readonly Judged[]): string {
  const counts = new Map<string, number>()
  for (const { blocks } of judged) {
    for (const { rule, requests } of blocks.rules) {
      counts.set(rule, (counts.get(rule) ?? 0) + requests)
    }
  }
  const rules = [...counts].map(([rule, requests]) => `${rule} ${requests}`)
  return rules.length === 0 ? '' : `\nKnown by: ${rules.join(', ')}.\n`
}
