import { resolve } from 'node:path'
import { type LoadedPrompts, loadPrompts, type LoadRequest } from '../datasets/load-prompts.ts'
import type { Selection } from '../datasets/select.ts'
import { syntheticPrompts, withOutputTokens } from '../datasets/shape-prompts.ts'
import { findSuite } from '../datasets/suites.ts'
import type { Prompt } from '../model/prompt.ts'
import type { DatasetUse } from '../model/run-record.ts'
import { plural } from '../report/plural.ts'
import type { RunOptions } from '../options/run-options.ts'
import { countSpec } from '../options/stream-kinds.ts'

interface ChosenPrompts {
  readonly prompts: readonly Prompt[]
  /** As the preamble tells it; undefined for the one `--prompt`. */
  readonly description: string | undefined
  readonly dataset: DatasetUse | undefined
}

/** The prompts that a run cycles through: a dataset's, made up ones, or the one of `--prompt`. */
export async function choosePrompts(options: RunOptions, folder: string): Promise<ChosenPrompts> {
  const chosen = await chooseTexts(options, folder)
  const { outputTokens, mode, requests, seed } = options
  if (outputTokens === undefined) return chosen
  // A probe sends each case once.
  const shapes = { requests: mode === 'probe' ? 1 : requests, seed }
  return { ...chosen, prompts: withOutputTokens(chosen.prompts, outputTokens, shapes) }
}

async function chooseTexts(options: RunOptions, folder: string): Promise<ChosenPrompts> {
  const { inputTokens } = options
  if (inputTokens !== undefined) {
    const prompts = syntheticPrompts(inputTokens, options)
    const about = `${prompts.length} of random words, --input-tokens ${countSpec.print(inputTokens)} at 4 characters a token`
    return { prompts, description: about, dataset: undefined }
  }
  const { datasetFile, datasetSuite, datasetLabel, categoryContains, subcategoryContains } = options
  if (datasetFile === undefined && datasetSuite === undefined) {
    // A probe without a dataset is a check that a harmless prompt passes.
    const prompts: Prompt[] =
      options.mode === 'probe'
        ? [{ id: 'baseline-ok', text: options.prompt, label: 'benign' }]
        : [{ id: 'prompt', text: options.prompt }]
    return { prompts, description: undefined, dataset: undefined }
  }
  const { datasetLimit: limit, datasetShuffleSeed: shuffleSeed } = options
  const filters = { label: datasetLabel, categoryContains, subcategoryContains, limit, shuffleSeed }
  const loaded = await loadPrompts(await requestOf(options, folder, filters))
  return {
    prompts: loaded.prompts,
    description: describe(loaded, datasetFile ?? `suite ${datasetSuite}`),
    dataset: {
      file: datasetFile ?? null,
      suite: datasetSuite ?? null,
      ...filters,
      selected: loaded.prompts.length,
      skippedInvalid: loaded.invalid,
      duplicatesRemoved: loaded.duplicates,
    },
  }
}

async function requestOf(
  { datasetFile, datasetSuite = 'core', datasetSkipInvalid }: RunOptions,
  folder: string,
  selection: Selection,
): Promise<LoadRequest> {
  const common = { selection, skipInvalid: datasetSkipInvalid }
  if (datasetFile !== undefined) {
    const files = [{ path: resolve(folder, datasetFile), name: datasetFile }]
    return { ...common, name: `--dataset-file ${datasetFile}`, files, dropDuplicates: false }
  }
  const files = await findSuite(datasetSuite, folder)
  const name = `--dataset-suite ${datasetSuite}`
  // Public sets repeat each other; the same prompt four times is not four measurements.
  return { ...common, name, files, dropDuplicates: datasetSuite === 'all' }
}

/** `12 of 340 from prompts.json`, and what was left out of it. */
function describe({ prompts, total, invalid, duplicates }: LoadedPrompts, source: string): string {
  const leftOut = [
    ...(invalid === 0 ? [] : [plural(invalid, 'invalid row')]),
    ...(duplicates === 0 ? [] : [plural(duplicates, 'duplicate')]),
  ]
  const note = leftOut.length === 0 ? '' : `; left out: ${leftOut.join(' and ')}`
  return `${prompts.length} of ${total} from ${source}${note}`
}
