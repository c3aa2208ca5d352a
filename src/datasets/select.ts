import type { Label, Prompt } from '../model/prompt.ts'
import { UsageError } from '../model/usage-error.ts'
import { createRandom, shuffle } from '../stats/random.ts'

export interface Selection {
  readonly label: Label | 'all'
  /** Any of these, whatever the case; an empty list selects all. */
  readonly categoryContains: readonly string[]
  readonly subcategoryContains: readonly string[]
  /** 0 for all. */
  readonly limit: number
  /** 0 keeps the order. */
  readonly shuffleSeed: number
}

/** Filters, then shuffles, then cuts. Throws UsageError when nothing is left, with what there was. */
export function selectPrompts(prompts: readonly Prompt[], selection: Selection): Prompt[] {
  const { label, categoryContains, subcategoryContains, limit, shuffleSeed } = selection
  const filtered = prompts.filter(
    (prompt) =>
      (label === 'all' || prompt.label === label) &&
      containsAny(prompt.category, categoryContains) &&
      containsAny(prompt.subcategory, subcategoryContains),
  )
  if (filtered.length === 0) throw nothingLeft(prompts, selection)
  const ordered = shuffleSeed === 0 ? filtered : shuffle(filtered, createRandom(shuffleSeed))
  return limit > 0 ? ordered.slice(0, limit) : ordered
}

function containsAny(value: string | undefined, parts: readonly string[]): boolean {
  if (parts.length === 0) return true
  const lower = value?.toLowerCase() ?? ''
  return parts.some((part) => lower.includes(part.toLowerCase()))
}

function nothingLeft(prompts: readonly Prompt[], selection: Selection): UsageError {
  const filters = [
    selection.label === 'all' ? [] : [`--dataset-label ${selection.label}`],
    selection.categoryContains.length === 0
      ? []
      : [`--category-contains ${selection.categoryContains.join(',')}`],
    selection.subcategoryContains.length === 0
      ? []
      : [`--subcategory-contains ${selection.subcategoryContains.join(',')}`],
  ].flat()
  const benign = prompts.filter(({ label }) => label === 'benign').length
  const names = (of: (prompt: Prompt) => string | undefined) =>
    [...new Set(prompts.map((prompt) => of(prompt) ?? '(none)'))].slice(0, 20).join(', ')
  return new UsageError(
    `${filters.join(' ')} selects none of ${prompts.length} prompts (${benign} benign, ${prompts.length - benign} malicious); ` +
      `categories: ${names(({ category }) => category)}; subcategories: ${names(({ subcategory }) => subcategory)}`,
  )
}
