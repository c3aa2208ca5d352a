import type { Estimate } from '../../model/estimate.ts'
import type { BlockView } from '../block-view.ts'

/** One number about a block. Adding one costs a file like its neighbours and a line in the registry. */
export interface Metric {
  /** As in tables and result files. */
  readonly name: string
  readonly unit: 'ms' | 'rps' | 'ratio'
  readonly compute: (view: BlockView) => Estimate
}
