import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'

/** Rules may be tuned on the development part; the held-back part is only ever counted. */
export type Part = 'development' | 'held-back'

/** Chosen before the first rule was written, and never again: another seed would mix the parts. */
export const SPLIT_SEED = 'llmtrace-bench/detection/1'

export interface CorpusRow {
  readonly id: string
  readonly text: string
  readonly label: 'benign' | 'malicious'
  readonly category: string
  readonly subcategory?: string
  readonly messages?: readonly unknown[]
  readonly pairId?: string
  readonly metadata?: Readonly<Record<string, unknown>>
}

/** What a part was when it was recorded, so that nobody can shift rows unseen. */
export interface SplitRecord {
  readonly seed: string
  readonly rows: number
  readonly heldBack: number
  /** SHA-256 of the held-back ids, sorted, one a line. */
  readonly heldBackIdsSha256: string
}

/**
 * The part of a row, by the hash of its id, or of its pair's: a twin tells what its attack says. A row that is added
 * later moves no other.
 */
export function partOf({ id, pairId }: Pick<CorpusRow, 'id' | 'pairId'>): Part {
  const digest = createHash('sha256')
    .update(`${SPLIT_SEED}/${pairId ?? id}`)
    .digest()
  return (digest[0] ?? 0) < 128 ? 'development' : 'held-back'
}

export function recordOf(rows: readonly CorpusRow[]): SplitRecord {
  const ids = rows.filter((row) => partOf(row) === 'held-back').map(({ id }) => id)
  ids.sort()
  const heldBackIdsSha256 = createHash('sha256').update(ids.join('\n')).digest('hex')
  return { seed: SPLIT_SEED, rows: rows.length, heldBack: ids.length, heldBackIdsSha256 }
}

/** The core corpus. */
export async function readCorpus(): Promise<CorpusRow[]> {
  const folder = new URL('../../benchmarks/datasets/', import.meta.url)
  const files = (await readdir(folder)).filter((file) => file.endsWith('.json'))
  files.sort()
  const texts = await Promise.all(files.map((file) => readFile(new URL(file, folder), 'utf8')))
  return texts.flatMap((text) => JSON.parse(text) as CorpusRow[])
}
