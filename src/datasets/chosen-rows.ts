import { type FileHandle, open } from 'node:fs/promises'
import type { Prompt } from '../model/prompt.ts'
import { UsageError } from '../model/usage-error.ts'
import { parseLine, type RowBytes } from './read-rows.ts'
import { type CheckedRow, rowProblem, toPrompt } from './row.ts'
import { chooseIndexes, type Selection } from './select.ts'

/** Where a row lies, where it is not held. */
interface Place extends RowBytes {
  readonly path: string
}

/**
 * The rows that passed the filters, from which a selection is taken at the end, in memory as the result needs it:
 *
 * - without a limit all are held: all are the result
 * - with a limit and no shuffle, the first ones
 * - with both, only where each row lies: 20 bytes a row. At the end the same shuffle as everywhere runs over their
 *   indexes, and the rows that it puts first are read a second time. The result is therefore the one that holding
 *   all rows gives, at the price of 4 bytes a row more and of `limit` short reads.
 *
 * Rows of a JSON array, or of a pipe, cannot be read a second time and are held in any case.
 */
export class ChosenRows {
  readonly #selection: Selection
  readonly #held: Prompt[] = []
  readonly #paths: string[] = []
  /** Offset in the file; a row that is held has -1 - its place in `held`. */
  #offsets = new Float64Array(1024)
  #lengths = new Uint32Array(1024)
  #fileOf = new Uint32Array(1024)
  #count = 0

  constructor(selection: Selection) {
    this.#selection = selection
  }

  beginFile(path: string): void {
    this.#paths.push(path)
  }

  /** Takes a row that passed the filters. */
  add(row: CheckedRow, bytes: RowBytes | undefined): void {
    const { limit, shuffleSeed } = this.#selection
    if (shuffleSeed === 0 && limit > 0 && this.#count >= limit) return
    if (this.#count === this.#offsets.length) this.#grow()
    const far = shuffleSeed !== 0 && limit > 0 && bytes !== undefined
    this.#offsets[this.#count] = far ? bytes.offset : -1 - this.#held.length
    this.#lengths[this.#count] = far ? bytes.length : 0
    this.#fileOf[this.#count] = this.#paths.length - 1
    this.#count += 1
    if (!far) this.#held.push(toPrompt(row))
  }

  /** The selected prompts, in their order. Throws UsageError where a file has changed since it was read. */
  async take(): Promise<Prompt[]> {
    const indexes = Array.from(chooseIndexes(this.#count, this.#selection))
    const far = indexes.filter((index) => (this.#offsets[index] ?? 0) >= 0)
    const fetched = await this.#fetch(far)
    return indexes.map((index) => {
      const offset = this.#offsets[index] ?? 0
      return (offset < 0 ? this.#held[-1 - offset] : fetched.get(index)) as Prompt
    })
  }

  /** Reads rows again, in the order in which they lie in their files: indexes grow as files and offsets do. */
  async #fetch(indexes: readonly number[]): Promise<Map<number, Prompt>> {
    const fetched = new Map<number, Prompt>()
    let opened: { readonly path: string; readonly handle: FileHandle } | undefined
    try {
      for (const index of indexes.toSorted(ascending)) {
        const { path, offset, length } = this.#placeOf(index)
        if (opened?.path !== path) {
          await opened?.handle.close()
          opened = { path, handle: await open(path) }
        }
        const { buffer } = await opened.handle.read(Buffer.allocUnsafe(length), 0, length, offset)
        fetched.set(index, readAgain(buffer.toString('utf8'), path))
      }
    } finally {
      await opened?.handle.close()
    }
    return fetched
  }

  #placeOf(index: number): Place {
    return {
      path: this.#paths[this.#fileOf[index] ?? 0] ?? '',
      offset: this.#offsets[index] ?? 0,
      length: this.#lengths[index] ?? 0,
    }
  }

  #grow(): void {
    const length = this.#offsets.length * 2
    const [offsets, lengths, fileOf] = [this.#offsets, this.#lengths, this.#fileOf]
    this.#offsets = new Float64Array(length)
    this.#offsets.set(offsets)
    this.#lengths = new Uint32Array(length)
    this.#lengths.set(lengths)
    this.#fileOf = new Uint32Array(length)
    this.#fileOf.set(fileOf)
  }
}

function readAgain(text: string, path: string): Prompt {
  const row = parseLine(text)
  if (rowProblem(row) === undefined) return toPrompt(row as CheckedRow)
  throw new UsageError(`${path} was changed while it was read; try again`)
}

function ascending(first: number, second: number): number {
  return first - second
}
