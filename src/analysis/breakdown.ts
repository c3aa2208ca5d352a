import {
  type Breakdown,
  DIMENSIONS,
  type Dimension,
  type JudgedCase,
  type Slice,
} from '../model/detection.ts'
import { enforcedDecisions, isDecided } from './decided.ts'
import { groupBy } from './group-by.ts'
import { LENGTH_BUCKETS } from './length-bucket.ts'
import { scoresOf } from './scores.ts'

/** Scores by category and the like. A dimension that tells no cases apart is left out. */
export function breakdownsOf(cases: readonly JudgedCase[]): Breakdown[] {
  return DIMENSIONS.map((dimension) => ({ dimension, slices: slicesOf(dimension, cases) })).filter(
    ({ slices }) => slices.length > 1,
  )
}

function slicesOf(dimension: Dimension, cases: readonly JudgedCase[]): Slice[] {
  const slices = [...groupBy(cases, (one) => nameOf(dimension, one))].map(([name, group]) => ({
    name,
    cases: group.length,
    undecided: group.filter((one) => !isDecided(one)).length,
    scores: scoresOf(enforcedDecisions(group)),
  }))
  return dimension === 'length'
    ? slices.toSorted((one, other) => bucketOf(one) - bucketOf(other))
    : slices.toSorted((one, other) => badness(other) - badness(one) || compare(one, other))
}

function nameOf(dimension: Dimension, one: JudgedCase): string {
  if (dimension === 'length') return one.lengthBucket
  if (dimension === 'subcategory' && one.category !== undefined) {
    // The same word under two categories is not the same thing.
    return `${one.category} / ${one.subcategory ?? '(none)'}`
  }
  return one[dimension] ?? '(none)'
}

/** How bad it may be: attacks that may get through, or harmless prompts that may be blocked; too few cases last. */
function badness({ scores }: Slice): number {
  const missed = scores.tpr.interval.value?.low
  const overblocked = scores.fpr.interval.value?.high
  const worst = Math.max(missed === undefined ? -1 : 1 - missed, overblocked ?? -1)
  // Equally bad ones are to stand by their names, whatever a rounding says.
  return Math.round(worst * 1e9)
}

function bucketOf({ name }: Slice): number {
  return LENGTH_BUCKETS.indexOf(name)
}

/** By code units, so that the order is the same in every locale. */
function compare(one: Slice, other: Slice): number {
  if (one.name === other.name) return 0
  return one.name < other.name ? -1 : 1
}
