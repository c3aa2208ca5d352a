import type { DatasetsAction } from '../../options/datasets-options.ts'
import type { DatasetsCall } from '../datasets/call.ts'
import { dedupe } from '../datasets/dedupe.ts'
import { importFiles } from '../datasets/import-files.ts'
import { list } from '../datasets/list.ts'
import { sample } from '../datasets/sample.ts'
import { show } from '../datasets/show.ts'
import { stats } from '../datasets/stats.ts'
import { validate } from '../datasets/validate.ts'

const ACTIONS: Readonly<Record<DatasetsAction, (call: DatasetsCall) => Promise<number>>> = {
  list,
  stats,
  validate,
  show,
  sample,
  dedupe,
  import: importFiles,
}

/** `llmtrace-bench datasets ACTION`. */
export function datasets(action: DatasetsAction, call: DatasetsCall): Promise<number> {
  return ACTIONS[action](call)
}
