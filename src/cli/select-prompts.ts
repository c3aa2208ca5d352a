import { loadDatasetFile } from '../datasets/load-file.ts'
import { loadSuite } from '../datasets/load-suite.ts'
import { selectPrompts } from '../datasets/select.ts'
import type { Prompt } from '../model/prompt.ts'
import type { DatasetUse } from '../model/run-record.ts'
import type { RunOptions } from '../options/run-options.ts'

interface ChosenPrompts {
  readonly prompts: readonly Prompt[]
  /** As the preamble tells it; undefined for the one `--prompt`. */
  readonly description: string | undefined
  readonly dataset: DatasetUse | undefined
}

/** The prompts that a run cycles through: a dataset's, or the one of `--prompt`. */
export async function choosePrompts(options: RunOptions, folder: string): Promise<ChosenPrompts> {
  const { datasetFile, datasetSuite, datasetLabel, categoryContains, subcategoryContains } = options
  if (datasetFile === undefined && datasetSuite === undefined) {
    const prompts = [{ id: 'prompt', text: options.prompt }]
    return { prompts, description: undefined, dataset: undefined }
  }
  const loaded =
    datasetFile === undefined
      ? await loadSuite(datasetSuite ?? 'core', folder)
      : await loadDatasetFile(datasetFile)
  const { datasetLimit: limit, datasetShuffleSeed: shuffleSeed } = options
  const prompts = selectPrompts(loaded, {
    label: datasetLabel,
    categoryContains,
    subcategoryContains,
    limit,
    shuffleSeed,
  })
  return {
    prompts,
    description: `${prompts.length} of ${loaded.length} from ${datasetFile ?? `suite ${datasetSuite}`}`,
    dataset: {
      file: datasetFile ?? null,
      suite: datasetSuite ?? null,
      label: datasetLabel,
      categoryContains,
      subcategoryContains,
      limit,
      shuffleSeed,
      selected: prompts.length,
    },
  }
}
