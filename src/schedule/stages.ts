import type { Endpoint } from '../model/endpoint.ts'
import type { Level } from '../model/level.ts'
import type { Plan } from '../model/plan.ts'
import { createRandom, shuffle } from '../stats/random.ts'
import { roundsOf, shareOf } from './rounds.ts'

/** Requests to one endpoint at one level, sent without a pause. */
export interface Block {
  readonly endpoint: Endpoint
  /** What this block keeps in flight: the level's, or the endpoint's share of it. */
  readonly concurrency: number
  readonly round: number
  readonly firstSequence: number
  readonly requests: number
}

/** What runs at one time: the blocks of a stage run together, stages run one after the other. */
export interface Stage {
  readonly round: number
  /** `paired`: one loop walks through the blocks' sequences and sends each prompt to every endpoint in turn. */
  readonly kind: 'blocks' | 'paired'
  readonly blocks: readonly Block[]
}

/** The stages of a level, in order. `levelIndex` keeps the random order of each level its own. */
export function stagesOf(plan: Plan, level: Level, levelIndex: number): Stage[] {
  const rounds = roundsOf(plan, level)
  const random = createRandom(`${plan.seed}/order/${levelIndex}`)
  const { endpoints, order } = plan
  let turn: readonly Endpoint[] = endpoints
  return Array.from({ length: rounds }, (_, round) => {
    const { first, count } = shareOf(plan.requests, round, rounds)
    const blockOf = (endpoint: Endpoint, index: number): Block => ({
      endpoint,
      concurrency:
        order === 'concurrent'
          ? shareOf(level.concurrency, index, endpoints.length).count
          : level.concurrency,
      round,
      firstSequence: first,
      requests: count,
    })
    if (order === 'concurrent' || order === 'paired') {
      const kind = order === 'paired' ? ('paired' as const) : ('blocks' as const)
      return [{ round, kind, blocks: endpoints.map((endpoint, index) => blockOf(endpoint, index)) }]
    }
    // A round and its mirror image: a linear drift falls on all endpoints alike.
    if (order === 'rounds') turn = round % 2 === 0 ? shuffle(endpoints, random) : turn.toReversed()
    return turn.map((endpoint, index) => ({
      round,
      kind: 'blocks' as const,
      blocks: [blockOf(endpoint, index)],
    }))
  }).flat()
}
