import { UsageError } from '../model/usage-error.ts'

/** Why a row cannot be used. */
export interface RowProblem {
  readonly file: string
  /** From 1, blank lines left out. */
  readonly row: number
  readonly id?: string
  readonly reason: string
}

/** Problems shown in one message; the count is given besides. */
export const MOST_PROBLEMS = 10

export function idOf(row: unknown): { readonly id?: string } {
  const id = typeof row === 'object' && row !== null && 'id' in row ? row.id : undefined
  return typeof id === 'string' || typeof id === 'number' ? { id: String(id).slice(0, 80) } : {}
}

/** `row 2 (id x): label is "evil"`, after the file where there is more than one. */
export function describeProblem(problem: RowProblem, several: boolean): string {
  const { file, row, id, reason } = problem
  return `${several ? `${file} ` : ''}row ${row}${id === undefined ? '' : ` (id ${id})`}: ${reason}`
}

/** The error for rows that cannot be used; `problems` holds the first of them, `count` says how many there are. */
export function badRows(
  name: string,
  problems: readonly RowProblem[],
  { count, total, several }: { count: number; total: number; several: boolean },
): UsageError {
  const shown = problems.map((problem) => `  ${describeProblem(problem, several)}`)
  const more = count > shown.length ? [`  and ${count - shown.length} more`] : []
  const head =
    `${name}: ${count} of ${total} rows cannot be used; each needs id, text and a label benign or malicious ` +
    '(--dataset-skip-invalid leaves them out)'
  return new UsageError([head, ...shown, ...more].join('\n'))
}
