import { mkdir, rename, unlink, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { rowsText } from '../../datasets/rows-text.ts'
import type { Prompt } from '../../model/prompt.ts'
import { checkWritable } from '../../results/output-target.ts'

/** Makes the folder of `--out`, and finds out whether the file can be written, before the work. */
export async function prepareOut(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await checkWritable('--out', path)
}

/** Writes rows whole or not at all; gives back the text. */
export async function writeRows(path: string, prompts: readonly Prompt[]): Promise<string> {
  const text = rowsText(prompts, path)
  await writeWhole(path, text)
  return text
}

export async function writeWhole(path: string, text: string): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`)
  try {
    await writeFile(temporary, text)
    await rename(temporary, path)
  } catch (error) {
    await unlink(temporary).catch(() => {})
    throw error
  }
}
