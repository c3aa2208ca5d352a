import type { Measurement } from '../../model/measurement.ts'
import type { CancelAfter } from '../../model/stream.ts'
import type { StreamResult } from '../../model/stream-result.ts'
import type { Overhead, Summary } from '../../model/summary.ts'
import type { Warning } from '../../model/warning.ts'

export interface RunConditions {
  readonly keepAlive: boolean
  readonly selfWarmup: boolean
  readonly cancelAfter?: CancelAfter | undefined
}

/** One endpoint at one level: what was measured and its numbers. */
export interface Observed {
  readonly measurement: Measurement
  readonly summary: Summary
}

/** Everything that a check may look at. */
export interface Evidence {
  readonly observed: readonly Observed[]
  readonly overheads: readonly Overhead[]
  /** Only where streams were read. */
  readonly streams?: StreamResult | undefined
  readonly conditions: RunConditions
}

/** Looks for one kind of doubt. A check more is a function like these and a line in the registry. */
export type Check = (evidence: Evidence) => Warning[]
