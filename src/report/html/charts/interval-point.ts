import type { Level } from '../../../model/level.ts'
import type { OverheadRow } from '../../../model/summary.ts'
import { levelTick } from '../level-axis.ts'
import { deltaWords, intervalWords, levelWords } from '../words.ts'
import type { IntervalPoint } from './interval-chart.ts'

/** A difference in ms as a point with its bar; undefined where it was not measured. */
export function intervalPoint(
  { candidate, level }: { readonly candidate: string; readonly level: Level },
  { delta, interval }: Pick<OverheadRow, 'delta' | 'interval'>,
): IntervalPoint | undefined {
  if (delta.value === undefined) return undefined
  const bounds = interval.value
  const near = bounds === undefined ? delta.value : (bounds.high - bounds.low) / 2
  const spread = bounds === undefined ? 'no interval' : intervalWords(bounds)
  return {
    level: levelTick(level),
    value: delta.value,
    low: bounds?.low,
    high: bounds?.high,
    told: `${candidate} at ${levelWords(level)}: ${deltaWords(delta.value, near)} (${spread})`,
  }
}
