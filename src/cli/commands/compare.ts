import type { CompareOptions, CompareTask } from '../../options/compare-options.ts'
import { comparePairsFile } from '../compare-pairs-file.ts'
import { compareSavedRuns } from '../compare-saved-runs.ts'
import { compareHistory } from '../compare-history.ts'
import type { Io } from '../io.ts'

/** `llmtrace-bench compare`: saved runs with each other, a folder of them in time, or pairs measured elsewhere. */
export async function compare(task: CompareTask, options: CompareOptions, io: Io): Promise<number> {
  switch (task.kind) {
    case 'pairs':
      return comparePairsFile(task.file, options, io)
    case 'runs':
      return compareSavedRuns(task.files, options, io)
    case 'history':
      return compareHistory(task.folder, options, io)
  }
}
