import { type Estimate, measured, unmeasured } from '../model/estimate.ts'
import { LATENCY_OUTCOMES, type OutcomeLatency } from '../model/probe-analysis.ts'
import { countedRows, type ProbedCase } from '../model/probe.ts'
import { quantile, sortSample, type SortedSample } from '../stats/quantile.ts'
import { groupBy } from './group-by.ts'
import { samplesFor } from './metrics/latency-quantile.ts'

/**
 * Latencies by endpoint and outcome, over every repeat. What is undecided is in none: a timeout is no latency of the
 * proxy. Outcomes that did not occur are left out.
 */
export function latencyByOutcome(probed: readonly ProbedCase[]): OutcomeLatency[] {
  const byEndpoint = groupBy(countedRows(probed), ({ endpoint }) => endpoint)
  return [...byEndpoint].flatMap(([endpoint, rows]) =>
    LATENCY_OUTCOMES.flatMap((outcome) => {
      const latencies = rows.flatMap((one) => latencyFor(outcome, one) ?? [])
      if (latencies.length === 0) return []
      const sample = sortSample(latencies)
      const figures = { p50: quantileOf(sample, 0.5), p95: quantileOf(sample, 0.95) }
      return [{ endpoint, outcome, n: sample.length, ...figures }]
    }),
  )
}

function latencyFor(outcome: OutcomeLatency['outcome'], one: ProbedCase): number | undefined {
  const { verdict, latencyMs, headMs } = one
  if (outcome !== 'time to block') return verdict.kind === outcome ? latencyMs : undefined
  const stopped =
    verdict.kind === 'blocked' && verdict.stage === 'request' && verdict.by === 'proxy'
  return stopped ? headMs : undefined
}

/** By the rule of all percentiles here: ten samples beyond it. */
function quantileOf(sample: SortedSample, p: number): Estimate {
  const needed = samplesFor(p)
  const value = sample.length < needed ? undefined : quantile(sample, p)
  return value === undefined ? unmeasured(`needs ${needed}`) : measured(value)
}
