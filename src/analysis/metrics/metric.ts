import type { Estimate } from '../../model/estimate.ts'
import type { MetricUnit } from '../../model/summary.ts'
import type { MetricInput } from '../level-view.ts'

/** One number about a level. Adding one costs a file like its neighbours and a line in the registry. */
export interface Metric {
  /** As in tables and result files. */
  readonly name: string
  readonly unit: MetricUnit
  readonly compute: (input: MetricInput) => Estimate
  /** Ok requests that a side needs before a difference of this metric is worth printing. */
  readonly needs: number
  /** How its overhead gets an interval; docs/methodology.md says when which. */
  readonly interval: 'jackknife' | 'log-ratio-t' | 'rate'
}
