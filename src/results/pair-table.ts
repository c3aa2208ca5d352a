import { UsageError } from '../model/usage-error.ts'

/** Rows and columns of a file of pairs, whatever its format. */
export interface PairTable {
  readonly columns: readonly string[]
  readonly length: number
  /** Undefined where the row has nothing in this column. */
  readonly cell: (row: number, column: string) => unknown
  /** What is wrong with a whole row; undefined where nothing is. */
  readonly problem: (row: number) => string | undefined
  /** The row as a person finds it: `row 3 (line 4)`. */
  readonly where: (row: number) => string
}

/** An error about a file of pairs. */
export function badPairs(file: string, problem: string): UsageError {
  return new UsageError(`--pairs ${file} ${problem}`)
}
