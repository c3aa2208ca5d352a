import { blockPermutationP } from './block-permutation.ts'
import { dependenceLag } from './dependence.ts'
import { pettitt } from './pettitt.ts'
import { placeChange } from './place-change.ts'
import type { Random } from './random.ts'

/** A change has to be this sure by both tests: one false alarm in a thousand calm series. */
const HIGHEST_P = 0.001

/** Blocks are this many times as long as the dependence, so that what is left of it between blocks hardly counts. */
const LAGS_PER_BLOCK = 3

/** Fewer values are no regime but a burst. */
const FEWEST_VALUES = 20
const FEWEST_SHARE = 1 / 50

/**
 * Fewer blocks cannot reach that p: with a step in their middle, m of the m! / (m/2)!^2 ways to lay out high and low
 * blocks stray as far, which is 0.0012 for 16 blocks and 0.0004 for 18.
 */
const FEWEST_BLOCKS = 18

export interface ChangePoint {
  /** Index of the first value after the change. */
  readonly at: number
  /** The larger of Pettitt's p and the block permutation's, over the stretches before and after. */
  readonly p: number
}

export interface LevelChanges {
  /** In order; empty where one level explains the series. */
  readonly changes: readonly ChangePoint[]
  /** Length of the blocks that were permuted. */
  readonly blockLength: number
  /** Values without which not even the plainest change could be told. */
  readonly needs: number
}

/**
 * Where a series changes its level: Pettitt's test by binary segmentation (Scott and Knott 1974; Vostrikova 1981), each
 * split confirmed by permuting blocks longer than the series' dependence, then each change placed and tested again
 * between its neighbours, since the first split was placed before the later ones were known.
 */
export function findLevelChanges(values: Float64Array, random: Random): LevelChanges {
  const blockLength = LAGS_PER_BLOCK * (dependenceLag(values) + 1)
  const margin = Math.max(FEWEST_VALUES, Math.ceil(values.length * FEWEST_SHARE))
  const needs = Math.max(2 * margin, FEWEST_BLOCKS * blockLength)
  if (values.length < needs) return { changes: [], blockLength, needs }
  const test = (start: number, end: number): ChangePoint | undefined => {
    const part = values.subarray(start, end)
    const change = pettitt(part, margin)
    if (change === undefined || change.p > HIGHEST_P) return undefined
    const p = blockPermutationP(part, blockLength, HIGHEST_P, random)
    if (p > HIGHEST_P) return undefined
    return { at: start + placeChange(part, change.at, margin), p: Math.max(p, change.p) }
  }
  const changes = settle(segment(test, 0, values.length), values.length, test)
  return { changes, blockLength, needs }
}

type Test = (start: number, end: number) => ChangePoint | undefined

function segment(test: Test, start: number, end: number): ChangePoint[] {
  const change = test(start, end)
  if (change === undefined) return []
  return [...segment(test, start, change.at), change, ...segment(test, change.at, end)]
}

/** Moves each change to its best place between its neighbours, and drops it where nothing is left of it there. */
function settle(found: readonly ChangePoint[], length: number, test: Test): ChangePoint[] {
  let changes = [...found]
  // Each pass moves changes less; a pair that hands a value to and fro would never end.
  for (let pass = 0; pass < 5; pass += 1) {
    const moved: ChangePoint[] = []
    for (const index of changes.keys()) {
      const end = changes[index + 1]?.at ?? length
      const change = test(moved.at(-1)?.at ?? 0, end)
      if (change !== undefined) moved.push(change)
    }
    const same =
      moved.length === changes.length && moved.every(({ at }, index) => at === changes[index]?.at)
    changes = moved
    if (same) break
  }
  return changes
}
