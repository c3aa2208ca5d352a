import type {
  DistributionPoint,
  LatencyDistribution,
  LevelTimeline,
  RunCharts,
} from '../model/chart.ts'
import { measured } from '../model/estimate.ts'
import { sameLevel } from '../model/level.ts'
import type { Measurement } from '../model/measurement.ts'
import { type SortedSample, sortSample } from '../stats/quantile.ts'
import { okLatencies } from './latencies.ts'
import { timelineOf } from './timeline.ts'

/** Most points of a curve, and of all curves of a page: 400 are more than a figure has pixels to tell apart. */
const MOST_POINTS = 400
const MOST_OF_ALL = 8000
const LEAST_POINTS = 40

/** Everything that a page draws of a run's samples. */
export function chartsOf(measurements: readonly Measurement[]): RunCharts {
  const latencies = measurements.map((one) => okLatencies(one))
  return {
    distributions: distributionsOf(measurements, latencies),
    timelines: measured(timelinesOf(measurements)),
  }
}

/** `latencies` holds the ok latencies of each arm in ms, in any order. */
export function distributionsOf(
  arms: readonly Pick<LatencyDistribution, 'endpoint' | 'level'>[],
  latencies: readonly Float64Array[],
): LatencyDistribution[] {
  const share = Math.floor(MOST_OF_ALL / Math.max(1, arms.length))
  const most = Math.min(MOST_POINTS, Math.max(LEAST_POINTS, share))
  return arms.flatMap(({ endpoint, level }, index) => {
    const sorted = sortSample(latencies[index] ?? [])
    if (sorted.length === 0) return []
    return [{ endpoint, level, count: sorted.length, points: thinned(sorted, most) }]
  })
}

/**
 * At most `most` points of the distribution. Half of them lie at equal steps of rank, for the body; half at equal
 * steps of log(1 - share), which is the scale that tails are drawn on: a thinning by rank alone would leave 4 of 400
 * points beyond p99.
 */
export function thinned(sorted: SortedSample, most: number): DistributionPoint[] {
  const n = sorted.length
  const last = n - 1
  const steps = Math.max(2, Math.floor(most / 2))
  const ranks = new Set<number>([0, last])
  for (let step = 0; step < steps; step += 1) {
    const part = step / (steps - 1)
    const tail = Math.round(n - n ** (1 - part))
    for (const rank of n <= most ? [] : [Math.round(part * last), Math.min(last, tail)]) {
      if (ranks.size < most) ranks.add(rank)
    }
  }
  if (n <= most) for (let rank = 0; rank < n; rank += 1) ranks.add(rank)
  const ascending = Uint32Array.from(ranks)
  ascending.sort()
  return Array.from(ascending, (rank) => ({ ms: sorted[rank] ?? 0, share: (rank + 0.5) / n }))
}

function timelinesOf(measurements: readonly Measurement[]): LevelTimeline[] {
  const levels = measurements
    .map(({ level }) => level)
    .filter((level, index, all) => all.findIndex((one) => sameLevel(one, level)) === index)
  return levels.flatMap((level) => {
    const arms = measurements.filter((one) => sameLevel(one.level, level) && one.samples.length > 0)
    return arms.length === 0 ? [] : [timelineOf(arms, measurements.length)]
  })
}
