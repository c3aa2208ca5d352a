import { readFile } from 'node:fs/promises'
import type { Prompt } from '../model/prompt.ts'
import { UsageError } from '../model/usage-error.ts'
import { parseDataset } from './parse-rows.ts'

/** Loads a dataset file. Throws UsageError when it cannot be read or holds bad rows. */
export async function loadDatasetFile(path: string): Promise<Prompt[]> {
  let content: string
  try {
    content = await readFile(path, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new UsageError(`--dataset-file ${path} cannot be read (${code}); check the path`)
  }
  return parseDataset(path, content)
}
