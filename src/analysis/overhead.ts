import type { Measurement } from '../model/measurement.ts'
import type { Order } from '../model/plan.ts'
import type { Overhead } from '../model/summary.ts'
import { isRefused } from './answered.ts'
import { compareRounds, reasonAgainstInterval } from './compare-rounds.ts'
import { LevelView, type ViewChoice } from './level-view.ts'
import { OVERHEAD_METRICS } from './metrics/index.ts'
import { pairedDifference } from './paired-difference.ts'
import { type Pairs, pairUp } from './pairs.ts'

export interface ComparisonOptions {
  readonly order: Order
  /** An A/A comparison: the baseline against itself. */
  readonly control?: boolean
}

/**
 * What `candidate` adds to `baseline` at a level: the difference of each metric pooled over all rounds, with the
 * delete-one-round jackknife's interval. Latencies are those of pairs with both sides ok and neither blocked, so that a
 * failure or a block on one side does not change which prompts are compared; with the sequential order, and where nothing
 * is blocked, they are all, as in the specification.
 */
export function compareMeasurements(
  baseline: Measurement,
  candidate: Measurement,
  { order, control = false }: ComparisonOptions,
): Overhead {
  const pairs = pairUp(baseline, candidate)
  const all = order === 'sequential' && pairs.blocked.size === 0
  const viewOf = (side: Measurement) => new LevelView(side, all ? {} : choose(side, pairs))
  const views = [viewOf(baseline), viewOf(candidate)] as const
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
    pairsLeftOut: all ? 0 : pairs.leftOut,
    pairsBlocked: pairs.blocked.size,
  }
}

/**
 * Throughput of a closed loop is that of what the side answered: the sooner a block comes, the sooner the next request
 * goes out. That of an open loop is given by its schedule, so prompts blocked on one side are taken from both.
 */
function choose(side: Measurement, { sequences, blocked }: Pairs): ViewChoice {
  const open = side.level.rate !== undefined
  return {
    keepLatency: (sequence) => sequences.has(sequence),
    leaveOut: (row) =>
      isRefused(side, row) || (open && blocked.has(side.samples.sequence[row] ?? 0)),
  }
}
