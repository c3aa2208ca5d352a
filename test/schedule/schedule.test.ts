import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Endpoint } from '../../src/model/endpoint.ts'
import { ORDERS, type Plan } from '../../src/model/plan.ts'
import { createClosedLoop } from '../../src/schedule/closed-loop.ts'
import { createOpenLoop } from '../../src/schedule/open-loop.ts'
import { chooseRounds } from '../../src/schedule/rounds.ts'
import { stagesOf } from '../../src/schedule/stages.ts'
import { createRandom } from '../../src/stats/random.ts'

describe('createClosedLoop', () => {
  test('gives exactly the requests, cycling the prompts, pausing within the bound', () => {
    fc.assert(
      fc.property(
        fc.nat(60),
        fc.integer({ min: 1, max: 7 }),
        fc.nat(50),
        (requests, promptCount, jitterMs) => {
          const next = createClosedLoop({
            requests,
            promptCount,
            jitterMs,
            random: createRandom(1),
          })
          const slots = Array.from({ length: requests }, () => next())
          expect(next()).toBeUndefined()
          for (const [index, slot] of slots.entries()) {
            expect(slot).toMatchObject({ sequence: index, promptIndex: index % promptCount })
            expect(slot?.delayMs).toBeGreaterThanOrEqual(0)
            expect(slot?.delayMs).toBeLessThanOrEqual(jitterMs)
          }
        },
      ),
    )
  })
})

const ENDPOINTS = ['direct', 'proxy', 'other'].map((name) => ({
  name,
  url: `http://${name}/`,
  baseline: name === 'direct',
}))

const PLAN: Plan = {
  endpoints: ENDPOINTS.slice(0, 2),
  levels: [{ concurrency: 1 }],
  requests: 90,
  promptCount: 1,
  order: 'rounds',
  rounds: undefined,
  arrival: 'constant',
  jitterMs: 0,
  seed: 1,
  warmupRequests: undefined,
}

describe('chooseRounds', () => {
  test.each([
    [1000, 10, 10],
    [500, 20, 10],
    [100, 10, 4],
    [100, 20, 2],
    [30, 3, 4],
    [10, 10, 1],
  ])('%d requests at concurrency %d make %d rounds', (requests, concurrency, rounds) => {
    expect(chooseRounds(requests, { concurrency })).toBe(rounds)
  })

  test('blocks never fall below two waves while there is more than one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e5 }), fc.integer({ min: 1, max: 500 }), (n, c) => {
        const rounds = chooseRounds(n, { concurrency: c })
        return rounds === 1 || (rounds % 2 === 0 && Math.floor(n / rounds) >= 2 * c)
      }),
    )
  })
})

describe('stagesOf', () => {
  const level = { concurrency: 3 }

  test('whatever the order, each endpoint gets each sequence once', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ORDERS),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 200 }),
        fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }),
        (order, count, requests, rounds) => {
          const endpoints = ENDPOINTS.slice(0, count)
          const stages = stagesOf({ ...PLAN, endpoints, order, requests, rounds }, level, 0)
          for (const endpoint of endpoints) {
            const sequences = stages
              .flatMap(({ blocks }) => blocks)
              .filter((block) => block.endpoint === endpoint)
              .flatMap((block) =>
                Array.from({ length: block.requests }, (_, index) => block.firstSequence + index),
              )
            expect(sequences).toEqual(Array.from({ length: requests }, (_, index) => index))
          }
        },
      ),
    )
  })

  test('rounds are ABBA, the first arm by the seed, and balanced for three', () => {
    const orderOf = (endpoints: readonly Endpoint[], seed: number) =>
      stagesOf({ ...PLAN, endpoints, rounds: 4, seed }, level, 0).map(
        ({ blocks }) => blocks[0]?.endpoint.name ?? '',
      )
    const two = orderOf(ENDPOINTS.slice(0, 2), 1)
    expect(two.slice(2, 4)).toEqual(two.slice(0, 2).toReversed())
    expect(two.slice(6, 8)).toEqual(two.slice(4, 6).toReversed())
    const firsts = Array.from({ length: 40 }, (_, seed) => orderOf(ENDPOINTS.slice(0, 2), seed)[0])
    expect(new Set(firsts)).toEqual(new Set(['direct', 'proxy']))
    const three = orderOf(ENDPOINTS, 1)
    expect(three.slice(3, 6)).toEqual(three.slice(0, 3).toReversed())
  })

  test('sequential runs each endpoint to its end', () => {
    const stages = stagesOf({ ...PLAN, order: 'sequential' }, level, 0)
    expect(stages.map(({ blocks }) => [blocks[0]?.endpoint.name, blocks[0]?.requests])).toEqual([
      ['direct', 90],
      ['proxy', 90],
    ])
  })

  test('concurrent shares out the whole concurrency', () => {
    const [stage] = stagesOf({ ...PLAN, order: 'concurrent' }, { concurrency: 5 }, 0)
    expect(stage?.blocks.map(({ concurrency }) => concurrency).toSorted()).toEqual([2, 3])
  })
})

describe('createOpenLoop', () => {
  const options = {
    firstSequence: 5,
    requests: 4000,
    promptCount: 3,
    rate: 100,
    random: createRandom(1),
  }

  test('constant arrivals are evenly spaced', () => {
    const next = createOpenLoop({ ...options, arrival: 'constant' })
    expect([next()?.dueMs, next()?.dueMs, next()?.dueMs]).toEqual([0, 10, 20])
  })

  test('poisson arrivals keep the rate, with gaps as far spread as their mean', () => {
    const next = createOpenLoop({ ...options, arrival: 'poisson' })
    const due = Array.from({ length: 4000 }, () => next()?.dueMs ?? 0)
    expect(next()).toBeUndefined()
    const gaps = due.map((at, index) => at - (due[index - 1] ?? 0))
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length
    const spread = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length)
    expect(mean).toBeGreaterThan(9.5)
    expect(mean).toBeLessThan(10.5)
    expect(spread / mean).toBeGreaterThan(0.9)
    expect(spread / mean).toBeLessThan(1.1)
  })
})
