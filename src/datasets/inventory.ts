import type { Label } from '../model/prompt.ts'
import { UsageError } from '../model/usage-error.ts'
import type { CheckedRow } from './row.ts'
import type { Selection } from './select.ts'

const MOST_NAMES = 20

/** What a load held before it was filtered: enough to tell why a filter selects nothing, and no more. */
export class Inventory {
  readonly #categories = new Set<string>()
  readonly #subcategories = new Set<string>()
  readonly #labels: Record<Label, number> = { benign: 0, malicious: 0 }

  add({ label, category, subcategory }: CheckedRow): void {
    this.#labels[label] += 1
    noteName(this.#categories, category)
    noteName(this.#subcategories, subcategory)
  }

  get total(): number {
    return this.#labels.benign + this.#labels.malicious
  }

  /** The error for a selection that nothing passes. */
  nothingLeft({ label, categoryContains, subcategoryContains }: Selection): UsageError {
    const filters = [
      label === 'all' ? [] : [`--dataset-label ${label}`],
      categoryContains.length === 0 ? [] : [`--category-contains ${categoryContains.join(',')}`],
      subcategoryContains.length === 0
        ? []
        : [`--subcategory-contains ${subcategoryContains.join(',')}`],
    ].flat()
    const { benign, malicious } = this.#labels
    return new UsageError(
      `${filters.join(' ')} selects none of ${this.total} prompts (${benign} benign, ${malicious} malicious); ` +
        `categories: ${[...this.#categories].join(', ')}; subcategories: ${[...this.#subcategories].join(', ')}`,
    )
  }
}

function noteName(names: Set<string>, value: unknown): void {
  if (names.size < MOST_NAMES) names.add(typeof value === 'string' ? value : '(none)')
}
