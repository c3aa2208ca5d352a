import type { Measurement } from '../model/measurement.ts'
import type { HopTime } from '../model/response-facts.ts'
import type { HopBreakdown } from '../model/result.ts'
import { mean } from '../stats/quantile.ts'

interface Told {
  readonly hops: readonly HopTime[]
  readonly e2eMs: number
}

/**
 * Where the time of a run's answers went, level by level; nothing where no answer came through more than one hop before
 * the model: what a single proxy adds the overhead tells, and better.
 */
export function findHops(measurements: readonly Measurement[]): HopBreakdown[] {
  const found = measurements.flatMap((measurement) => breakDownHops(measurement) ?? [])
  return found.some(({ parts }) => parts.length >= PARTS_OF_TWO_HOPS) ? found : []
}

/** The way to each hop and its own time, and what is behind the last. */
const PARTS_OF_TWO_HOPS = 5

/**
 * Where the time went between the client and the model, from what the hops tell of themselves; undefined where no hop
 * before the model tells anything. Each answer is taken apart so that its parts add up to what the client saw: a hop's
 * own time is its total less its waiting, and what the hop before it waited beyond that total lies between the two.
 */
export function breakDownHops(measurement: Measurement): HopBreakdown | undefined {
  const { endpoint, level, facts, samples } = measurement
  const rowOf = new Map<number, number>()
  for (let row = 0; row < samples.length; row += 1) rowOf.set(samples.sequence[row] ?? 0, row)
  const told = facts.flatMap(({ sequence, hops = [] }): Told[] => {
    const row = rowOf.get(sequence)
    if (row === undefined || hops.length === 0) return []
    return [{ hops, e2eMs: (samples.endedAt[row] ?? 0) - (samples.sentAt[row] ?? 0) }]
  })
  const chain = commonChain(told)
  if (chain === undefined) return undefined
  const alike = told.filter(({ hops }) => nameChain(hops) === chain)
  const e2eMs = mean(alike.map((one) => one.e2eMs))
  const first = alike[0]
  if (first === undefined || e2eMs === undefined) return undefined
  const parts = partsOf(first).map(({ name }, index) => ({
    name,
    meanMs: mean(alike.map((one) => partsOf(one)[index]?.ms ?? 0)) ?? 0,
  }))
  return { endpoint, level, answers: alike.length, lookedAt: facts.length, e2eMs, parts }
}

/** The chain that most answers came through: answers of different chains have no common mean. */
function commonChain(told: readonly Told[]): string | undefined {
  const counts = new Map<string, number>()
  for (const { hops } of told) {
    // The model alone is no chain.
    if (hops.every(({ upstreamMs }) => upstreamMs === undefined)) continue
    const chain = nameChain(hops)
    counts.set(chain, (counts.get(chain) ?? 0) + 1)
  }
  const ranked = [...counts].toSorted(([, one], [, other]) => other - one)
  return ranked[0]?.[0]
}

function nameChain(hops: readonly HopTime[]): string {
  return hops.map(({ name }) => name).join(' > ')
}

function partsOf({ hops, e2eMs }: Told): { readonly name: string; readonly ms: number }[] {
  let before = { name: 'client', waitedMs: e2eMs }
  const parts: { name: string; ms: number }[] = []
  for (const { name, totalMs, upstreamMs } of hops) {
    parts.push({ name: `${before.name} to ${name}`, ms: before.waitedMs - totalMs })
    parts.push({ name, ms: totalMs - (upstreamMs ?? 0) })
    before = { name, waitedMs: upstreamMs ?? 0 }
  }
  const last = hops.at(-1)
  if (last?.upstreamMs !== undefined) {
    parts.push({ name: `behind ${last.name}`, ms: last.upstreamMs })
  }
  return parts
}
