import { resolve } from 'node:path'
import { type DatasetFile, type LoadedPrompts, loadPrompts } from '../../datasets/load-prompts.ts'
import { EVERYTHING } from '../../datasets/select.ts'
import { findSuite } from '../../datasets/suites.ts'
import type { DatasetsCall } from './call.ts'

interface ChosenFiles {
  /** As messages name them together. */
  readonly name: string
  readonly files: readonly DatasetFile[]
  /** Of the suite `all`, whose parts repeat each other. */
  readonly dropDuplicates: boolean
}

/** The FILE words, or the suite where there are none. */
async function chooseFiles(
  words: readonly string[],
  { options, io }: DatasetsCall,
): Promise<ChosenFiles> {
  if (words.length > 0) {
    return {
      name: words.join(', '),
      files: namedFiles(words, io.workingDirectory),
      dropDuplicates: false,
    }
  }
  const suite = options.datasetSuite ?? 'core'
  const files = await findSuite(suite, io.workingDirectory)
  return { name: `--dataset-suite ${suite}`, files, dropDuplicates: suite === 'all' }
}

export function namedFiles(words: readonly string[], workingDirectory: string): DatasetFile[] {
  return words.map((word) => ({ path: resolve(workingDirectory, word), name: word }))
}

/** All rows of the files. Throws UsageError for bad ones, unless they are to be left out. */
export async function loadChosen(
  words: readonly string[],
  call: DatasetsCall,
): Promise<LoadedPrompts> {
  return loadPrompts({
    ...(await chooseFiles(words, call)),
    selection: EVERYTHING,
    skipInvalid: call.options.datasetSkipInvalid,
  })
}
