import type { Prompt } from '../model/prompt.ts'
import { createRandom, type Random, shuffle } from '../stats/random.ts'

export interface SampleRequest {
  readonly size: number
  readonly seed: number
  /** As many rows of each label, instead of their shares in the corpus. */
  readonly balanced: boolean
}

/**
 * A stratified sample: each label has its share in it, and within a label each category. It comes in the order of the
 * corpus, the same for the same seed; whole where the corpus is not larger than it.
 */
export function samplePrompts(prompts: readonly Prompt[], request: SampleRequest): Prompt[] {
  const { size, seed, balanced } = request
  const random = createRandom(`sample/${seed}`)
  const labels = groupBy(prompts, ({ label }) => label ?? '')
  const weights = labels.map(({ length }) => (balanced ? 1 : length))
  const shares = allot(
    size,
    weights,
    labels.map(({ length }) => length),
  )
  const chosen = new Set(
    labels.flatMap((members, index) => sampleStratum(members, shares[index] ?? 0, random)),
  )
  return prompts.filter((prompt) => chosen.has(prompt))
}

function sampleStratum(members: readonly Prompt[], size: number, random: Random): Prompt[] {
  const categories = groupBy(members, ({ category }) => category ?? '')
  const sizes = categories.map(({ length }) => length)
  const shares = allot(size, sizes, sizes)
  return categories.flatMap((category, index) => shuffle(category, random).slice(0, shares[index]))
}

/**
 * Shares out `size` by weight, in whole numbers and never more than there is of each: one at a time to the one that
 * is furthest below its exact share, the earliest among equal ones.
 */
export function allot(
  size: number,
  weights: readonly number[],
  available: readonly number[],
): number[] {
  const sum = weights.reduce((partial, weight) => partial + weight, 0)
  const exact = weights.map((weight) => (size * weight) / sum)
  const shares = weights.map(() => 0)
  for (let given = 0; given < size; given += 1) {
    let best: number | undefined
    for (const [index, share] of shares.entries()) {
      if (share >= (available[index] ?? 0)) continue
      const lack = (exact[index] ?? 0) - share
      if (best === undefined || lack > (exact[best] ?? 0) - (shares[best] ?? 0)) best = index
    }
    if (best === undefined) break
    shares[best] = (shares[best] ?? 0) + 1
  }
  return shares
}

/** Groups in the order in which they first occur. */
function groupBy(prompts: readonly Prompt[], keyOf: (prompt: Prompt) => string): Prompt[][] {
  const groups = new Map<string, Prompt[]>()
  for (const prompt of prompts) {
    const key = keyOf(prompt)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [prompt])
    else group.push(prompt)
  }
  return [...groups.values()]
}
