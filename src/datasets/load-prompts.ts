import { stat } from 'node:fs/promises'
import type { Prompt } from '../model/prompt.ts'
import { UsageError } from '../model/usage-error.ts'
import { ChosenRows } from './chosen-rows.ts'
import { Inventory } from './inventory.ts'
import { readRows } from './read-rows.ts'
import { RowChecker } from './row-checker.ts'
import { badRows } from './row-problem.ts'
import { filterOf, type Selection } from './select.ts'

export interface DatasetFile {
  readonly path: string
  /** As messages name it. */
  readonly name: string
}

export interface LoadRequest {
  /** What was asked for, as messages name it: `--dataset-suite core`. */
  readonly name: string
  readonly files: readonly DatasetFile[]
  readonly selection: Selection
  /** Leave bad rows out instead of refusing them all. */
  readonly skipInvalid: boolean
  /** Leave out rows that send the same as an earlier one. */
  readonly dropDuplicates: boolean
}

export interface LoadedPrompts {
  readonly prompts: readonly Prompt[]
  /** Rows that could have been selected. */
  readonly total: number
  /** Bad rows left out. */
  readonly invalid: number
  /** Rows left out because an earlier one sends the same. */
  readonly duplicates: number
}

/**
 * Loads and selects. Files are read one after the other, in the order given, and rows are looked at one by one: see
 * ChosenRows for what is kept of them. Throws UsageError for files that cannot be read, for bad rows (unless
 * `skipInvalid`), for files without rows, and for a selection that nothing passes.
 */
export async function loadPrompts(request: LoadRequest): Promise<LoadedPrompts> {
  const { name, files, selection, skipInvalid, dropDuplicates } = request
  const several = files.length > 1
  const checker = new RowChecker({ dropDuplicates })
  const chosen = new ChosenRows(selection)
  const inventory = new Inventory()
  const passes = filterOf(selection)
  // Only then is a row read a second time.
  const readsAgain = selection.limit > 0 && selection.shuffleSeed !== 0
  let passed = 0
  for (const file of files) {
    checker.beginFile(file.name)
    chosen.beginFile(file.path)
    const seekable = readsAgain && (await isRegularFile(file.path))
    await readRows(file.path, several ? file.name : name, (value, row, bytes) => {
      const checked = checker.check(value, row)
      if (checked === undefined) return
      inventory.add(checked)
      if (!passes(checked)) return
      passed += 1
      chosen.add(checked, seekable ? bytes : undefined)
    })
  }
  const { rows, invalid, duplicates } = checker.counts
  if (invalid > 0 && !skipInvalid) {
    throw badRows(name, checker.problems, { count: invalid, total: rows, several })
  }
  if (inventory.total === 0) throw noRows(name, invalid)
  if (passed === 0) throw inventory.nothingLeft(selection)
  return { prompts: await chosen.take(), total: inventory.total, invalid, duplicates }
}

function noRows(name: string, invalid: number): UsageError {
  const which = invalid === 0 ? 'no rows' : `no usable rows: all ${invalid} are invalid`
  return new UsageError(`${name} holds ${which}; give one with at least one good row`)
}

/** Whether parts of it can be read again. A missing file fails when it is read. */
async function isRegularFile(path: string): Promise<boolean> {
  const facts = await stat(path).catch(() => undefined)
  return facts?.isFile() === true
}
