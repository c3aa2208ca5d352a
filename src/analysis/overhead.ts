import { type Estimate, measured } from '../model/estimate.ts'
import type { Overhead, Summary } from '../model/summary.ts'
import { OVERHEAD_METRICS } from './metrics/index.ts'

/** What `candidate` adds to `baseline`: the difference of each metric. A delta needs both sides. */
export function compareSummaries(baseline: Summary, candidate: Summary): Overhead {
  return {
    baseline: baseline.endpoint,
    candidate: candidate.endpoint,
    concurrency: baseline.concurrency,
    rows: OVERHEAD_METRICS.map(({ name, unit }) => {
      const before = baseline.metrics[name]
      const after = candidate.metrics[name]
      return {
        metric: name,
        unit,
        baseline: before,
        candidate: after,
        delta: difference(before, after),
      }
    }),
  }
}

function difference(before: Estimate, after: Estimate): Estimate {
  if (before.value === undefined) return before
  return after.value === undefined ? after : measured(after.value - before.value)
}
