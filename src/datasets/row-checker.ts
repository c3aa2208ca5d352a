import { contentKey } from './content.ts'
import { NOT_JSON } from './read-rows.ts'
import { type CheckedRow, rowProblem } from './row.ts'
import { idOf, MOST_PROBLEMS, type RowProblem } from './row-problem.ts'
import { SeenIndex } from './seen-index.ts'

interface CheckerOptions {
  /** Leave out rows that send the same as an earlier one. */
  readonly dropDuplicates: boolean
  /** Told of every problem. */
  readonly onProblem?: (problem: RowProblem) => void
}

/**
 * Tells good rows from bad ones, over all files of a load: ids are unique among them, since a case is known by its
 * id. Counts what it leaves out.
 */
export class RowChecker {
  readonly #options: CheckerOptions
  readonly #ids = new SeenIndex()
  readonly #contents = new SeenIndex()
  /** Rows in all files before the present one, for naming an earlier row. */
  readonly #files: { readonly name: string; readonly before: number }[] = []
  #rows = 0
  #problems: RowProblem[] = []
  #invalid = 0
  #duplicates = 0

  constructor(options: CheckerOptions) {
    this.#options = options
  }

  /** Call before the first row of a file. */
  beginFile(name: string): void {
    this.#files.push({ name, before: this.#rows })
  }

  /** The row where it is good; undefined where it is bad, or the same as an earlier one. */
  check(value: unknown, row: number): CheckedRow | undefined {
    this.#rows += 1
    const problem = value === NOT_JSON ? 'not valid JSON' : rowProblem(value)
    if (problem !== undefined) return this.#refuse(value, row, problem)
    const checked = value as CheckedRow
    if (this.#options.dropDuplicates && this.#isDuplicate(checked)) return undefined
    const earlier = this.#ids.note(String(checked.id), this.#rows)
    if (earlier === undefined) return checked
    return this.#refuse(value, row, `the same id as ${this.#describeRow(earlier)}`)
  }

  get counts(): { readonly rows: number; readonly invalid: number; readonly duplicates: number } {
    return { rows: this.#rows, invalid: this.#invalid, duplicates: this.#duplicates }
  }

  /** The first few. */
  get problems(): readonly RowProblem[] {
    return this.#problems
  }

  #isDuplicate(row: CheckedRow): boolean {
    const duplicate = this.#contents.note(contentKey(row), this.#rows) !== undefined
    if (duplicate) this.#duplicates += 1
    return duplicate
  }

  #refuse(value: unknown, row: number, reason: string): undefined {
    const problem = { file: this.#files.at(-1)?.name ?? '', row, ...idOf(value), reason }
    this.#invalid += 1
    if (this.#problems.length < MOST_PROBLEMS) this.#problems.push(problem)
    this.#options.onProblem?.(problem)
  }

  #describeRow(number: number): string {
    const file = this.#files.findLast(({ before }) => before < number)
    const row = `row ${number - (file?.before ?? 0)}`
    return file === this.#files.at(-1) ? row : `${row} of ${file?.name}`
  }
}
