import { readdir } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import type { Prompt } from '../model/prompt.ts'
import { UsageError } from '../model/usage-error.ts'
import { loadDatasetFile } from './load-file.ts'

export type Suite = 'core' | 'external' | 'all'

const ROOT = join('benchmarks', 'datasets')

/**
 * Loads a suite from `benchmarks/datasets/` under `folder`: `external` is what lies in external/, `core` the rest,
 * `all` both. Texts that occur twice are kept once. Throws UsageError when there is none.
 */
export async function loadSuite(suite: Suite, folder: string): Promise<Prompt[]> {
  const root = join(folder, ROOT)
  const found = await readdir(root, { recursive: true }).catch(() => [])
  const files = found.filter((file) => file.endsWith('.json') && belongsTo(suite, file)).toSorted()
  if (files.length === 0) {
    throw new UsageError(
      `--dataset-suite ${suite}: no dataset under ${relative(folder, root)} in ${folder}; run from a checkout that has one, or use --dataset-file`,
    )
  }
  const prompts = (await Promise.all(files.map((file) => loadDatasetFile(join(root, file))))).flat()
  const byText = new Map<string, Prompt>()
  for (const prompt of prompts) if (!byText.has(prompt.text)) byText.set(prompt.text, prompt)
  return [...byText.values()]
}

function belongsTo(suite: Suite, file: string): boolean {
  const external = file.split(sep)[0] === 'external'
  return suite === 'all' || external === (suite === 'external')
}
