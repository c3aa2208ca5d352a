import type { DatasetsOptions } from '../../options/datasets-options.ts'
import type { Io } from '../io.ts'

/** What an action of `datasets` gets: the words after it, and everything else. */
export interface DatasetsCall {
  readonly operands: readonly string[]
  readonly options: DatasetsOptions
  readonly io: Io
}
