import type { Label, Prompt } from '../model/prompt.ts'
import { contentLength } from './content.ts'

/** Rows that share a name, by label. */
export interface LabelCounts {
  readonly name: string
  readonly benign: number
  readonly malicious: number
}

export interface CorpusStats {
  readonly rows: number
  readonly labels: Readonly<Record<Label, number>>
  /** Rows that send a conversation instead of one text. */
  readonly conversations: number
  readonly categories: readonly LabelCounts[]
  readonly languages: readonly LabelCounts[]
  /** Shortest first. */
  readonly lengths: readonly LabelCounts[]
}

/** Upper ends of the length buckets in UTF-16 units, each one not in its bucket. */
export const LENGTH_BUCKETS = [
  { name: '< 64', below: 64 },
  { name: '64 - 256', below: 256 },
  { name: '256 - 1k', below: 1024 },
  { name: '1k - 4k', below: 4096 },
  { name: '4k - 16k', below: 16_384 },
  { name: '16k - 32k', below: 32_768 },
  { name: '>= 32k', below: Infinity },
] as const

/** The bucket of what a row sends, by its name. */
export function lengthBucket(prompt: Prompt): string {
  const length = contentLength(prompt)
  return LENGTH_BUCKETS.find(({ below }) => length < below)?.name ?? ''
}

/** Counts a corpus. Rows without a category or language are counted under `(none)`. */
export function corpusStats(prompts: readonly Prompt[]): CorpusStats {
  const lengths = countBy(prompts, lengthBucket)
  return {
    rows: prompts.length,
    labels: {
      benign: prompts.filter(({ label }) => label === 'benign').length,
      malicious: prompts.filter(({ label }) => label === 'malicious').length,
    },
    conversations: prompts.filter(({ messages }) => messages !== undefined).length,
    categories: mostFirst(countBy(prompts, ({ category }) => category ?? '(none)')),
    languages: mostFirst(countBy(prompts, ({ language }) => language ?? '(none)')),
    lengths: LENGTH_BUCKETS.map(
      ({ name }) => lengths.find((one) => one.name === name) ?? { name, benign: 0, malicious: 0 },
    ),
  }
}

function countBy(
  prompts: readonly Prompt[],
  nameOf: (prompt: Prompt) => string,
): readonly LabelCounts[] {
  const counts = new Map<string, { benign: number; malicious: number }>()
  for (const prompt of prompts) {
    const name = nameOf(prompt)
    const count = counts.get(name) ?? { benign: 0, malicious: 0 }
    if (prompt.label !== undefined) count[prompt.label] += 1
    counts.set(name, count)
  }
  return [...counts].map(([name, count]) => ({ name, ...count }))
}

function mostFirst(counts: readonly LabelCounts[]): readonly LabelCounts[] {
  const sum = ({ benign, malicious }: LabelCounts) => benign + malicious
  return counts.toSorted(
    (first, second) => sum(second) - sum(first) || (first.name < second.name ? -1 : 1),
  )
}
