import type { Label, Prompt } from '../model/prompt.ts'
import { createRandom, shuffledIndexes } from '../stats/random.ts'

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

export const EVERYTHING: Selection = {
  label: 'all',
  categoryContains: [],
  subcategoryContains: [],
  limit: 0,
  shuffleSeed: 0,
}

/** What a selection looks at: a prompt, or a row that is not one yet. */
interface Selectable {
  readonly label?: Label
  readonly category?: unknown
  readonly subcategory?: unknown
}

/** The filters of a selection, made ready for many rows. */
export function filterOf(selection: Selection): (row: Selectable) => boolean {
  const { label } = selection
  const categories = selection.categoryContains.map((part) => part.toLowerCase())
  const subcategories = selection.subcategoryContains.map((part) => part.toLowerCase())
  return (row) =>
    (label === 'all' || row.label === label) &&
    containsAny(row.category, categories) &&
    containsAny(row.subcategory, subcategories)
}

function containsAny(value: unknown, parts: readonly string[]): boolean {
  if (parts.length === 0) return true
  const lower = typeof value === 'string' ? value.toLowerCase() : ''
  return parts.some((part) => lower.includes(part))
}

/**
 * Which of `count` rows that passed the filters are taken, in which order: shuffled, then cut. It knows only their
 * number, so that rows need not be in memory to be chosen.
 */
export function chooseIndexes(count: number, { limit, shuffleSeed }: Selection): Uint32Array {
  const taken = limit > 0 ? Math.min(limit, count) : count
  if (shuffleSeed === 0) return Uint32Array.from({ length: taken }, (_, index) => index)
  return shuffledIndexes(count, createRandom(shuffleSeed)).subarray(0, taken)
}

/** Filters, then shuffles, then cuts; empty where nothing passes. */
export function selectPrompts(prompts: readonly Prompt[], selection: Selection): Prompt[] {
  const passes = filterOf(selection)
  const filtered = prompts.filter((prompt) => passes(prompt))
  return Array.from(chooseIndexes(filtered.length, selection), (index) => filtered[index] as Prompt)
}
