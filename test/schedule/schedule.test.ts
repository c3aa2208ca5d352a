import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sequentialBlocks } from '../../src/schedule/blocks.ts'
import { createClosedLoop } from '../../src/schedule/closed-loop.ts'
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

test('blocks go level by level, each endpoint to its end', () => {
  const endpoints = ['direct', 'proxy'].map((name) => ({
    name,
    url: `http://${name}/`,
    baseline: name === 'direct',
  }))
  const plan = {
    endpoints,
    concurrencies: [1, 5],
    requests: 9,
    promptCount: 1,
    jitterMs: 0,
    seed: 1,
    warmupRequests: undefined,
  }
  const order = sequentialBlocks(plan).map(({ endpoint, concurrency, warmupRequests }) => [
    endpoint.name,
    concurrency,
    warmupRequests,
  ])
  expect(order).toEqual([
    ['direct', 1, 1],
    ['proxy', 1, 1],
    ['direct', 5, 5],
    ['proxy', 5, 5],
  ])
  expect(sequentialBlocks({ ...plan, warmupRequests: 0 })[0]?.warmupRequests).toBe(0)
})
