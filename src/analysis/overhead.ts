import type { Measurement } from '../model/measurement.ts'
import type { Order } from '../model/plan.ts'
import type { Overhead } from '../model/summary.ts'
import { compareRounds, reasonAgainstInterval } from './compare-rounds.ts'
import { LevelView } from './level-view.ts'
import { OVERHEAD_METRICS } from './metrics/index.ts'
import { pairedDifference } from './paired-difference.ts'
import { pairUp } from './pairs.ts'

export interface ComparisonOptions {
  readonly order: Order
  /** An A/A comparison: the baseline against itself. */
  readonly control?: boolean
}

/**
 * What `candidate` adds to `baseline` at a level: the difference of each metric pooled over all rounds, with the
 * delete-one-round jackknife's interval. Latencies are those of pairs with both sides ok, so that a failure on one
 * side does not change which prompts are compared; with the sequential order they are all, as in the specification.
 */
export function compareMeasurements(
  baseline: Measurement,
  candidate: Measurement,
  { order, control = false }: ComparisonOptions,
): Overhead {
  const pairs = pairUp(baseline, candidate)
  const keep =
    order === 'sequential' ? undefined : (sequence: number) => pairs.sequences.has(sequence)
  const views = [new LevelView(baseline, keep), new LevelView(candidate, keep)] as const
  const rounds = Math.min(views[0].rounds, views[1].rounds)
  const noInterval = reasonAgainstInterval(order, rounds)
  return {
    baseline: baseline.endpoint,
    candidate: candidate.endpoint,
    level: baseline.level,
    rounds,
    control,
    rows: compareRounds(views, { metrics: OVERHEAD_METRICS, rounds, noInterval, order }),
    paired: pairedDifference(pairs, rounds, noInterval),
    pairsLeftOut: keep === undefined ? 0 : pairs.leftOut,
  }
}
