import type { StreamMetricName } from '../../model/stream-result.ts'
import type { MetricUnit } from '../../model/summary.ts'
import type { StreamAnswer } from '../stream-answer.ts'

/** One number, or some, of each streamed answer. Adding one costs a file like its neighbours and a line in the registry. */
export interface StreamMetric {
  /** As in tables and result files. */
  readonly name: StreamMetricName
  readonly unit: MetricUnit
  /** Why there is none where no answer has a value. */
  readonly absent: string
  /** Whether a stream that the client ended on purpose has it too. */
  readonly ofCancelled: boolean
  /** The answer's value or values; undefined where it has none. */
  readonly values: (answer: StreamAnswer) => number | ArrayLike<number> | undefined
}

/** The difference of two instants; undefined where one did not happen. */
export function span(from: number | undefined, to: number | undefined): number | undefined {
  return from === undefined || to === undefined ? undefined : to - from
}
