import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Slot } from '../../src/model/sample.ts'
import { createClosedLoop, type SlotSource } from '../../src/schedule/closed-loop.ts'
import { dealt, dealtSlots, ONLY_HAND } from '../../src/schedule/deal.ts'
import { drawFirstTurns } from '../../src/schedule/first-turns.ts'
import { createOpenLoop } from '../../src/schedule/open-loop.ts'
import { randomStreams } from '../../src/schedule/random-streams.ts'

const hands = fc.integer({ min: 1, max: 64 })

function handsOf(count: number) {
  return Array.from({ length: count }, (_, index) => ({ index, count }))
}

function drain(source: SlotSource): Slot[] {
  const slots: Slot[] = []
  for (let slot = source(); slot !== undefined; slot = source()) slots.push(slot)
  return slots
}

describe('dealt', () => {
  test('gives out all of it, as evenly as can be', () => {
    fc.assert(
      fc.property(fc.nat(10_000), hands, (total, count) => {
        const parts = handsOf(count).map((hand) => dealt(total, hand))
        expect(parts.reduce((sum, part) => sum + part, 0)).toBe(total)
        expect(Math.max(...parts) - Math.min(...parts)).toBeLessThanOrEqual(1)
      }),
    )
  })

  test('a larger total never gives a hand less, so a block’s part fits into the level’s', () => {
    fc.assert(
      fc.property(fc.nat(500), fc.nat(500), hands, (one, more, count) => {
        for (const hand of handsOf(count)) {
          expect(dealt(one + more, hand)).toBeGreaterThanOrEqual(dealt(one, hand))
        }
      }),
    )
  })

  test('below one for each hand, the first hands have one', () => {
    expect(handsOf(4).map((hand) => dealt(2, hand))).toEqual([1, 1, 0, 0])
  })
})

describe('arrivals of an open loop', () => {
  const arrivals = fc.record({
    firstSequence: fc.nat(100),
    requests: fc.nat(200),
    promptCount: fc.integer({ min: 1, max: 7 }),
    rate: fc.double({ min: 0.1, max: 1e5, noNaN: true }),
    arrival: fc.constantFrom('poisson' as const, 'constant' as const),
  })

  test('are the same ones, each in one hand, however many hands there are', () => {
    fc.assert(
      fc.property(arrivals, fc.integer({ min: 1, max: 8 }), fc.nat(), (options, count, seed) => {
        const schedule = () => createOpenLoop({ ...options, random: randomStreams(seed)('slots') })
        const shared = handsOf(count).flatMap((hand) => {
          const slots = drain(dealtSlots(schedule(), hand))
          expect(slots.every(({ sequence }) => sequence % count === hand.index)).toBe(true)
          return slots
        })
        const inOrder = shared.toSorted((one, other) => one.sequence - other.sequence)
        expect(inOrder).toEqual(drain(schedule()))
      }),
    )
  })

  test('one hand gets the source itself', () => {
    const source: SlotSource = () => undefined
    expect(dealtSlots(source, ONLY_HAND)).toBe(source)
  })
})

describe('slots of a closed loop claimed from one counter', () => {
  const loops = fc.record({
    firstSequence: fc.nat(100),
    requests: fc.nat(200),
    promptCount: fc.integer({ min: 1, max: 7 }),
    jitterMs: fc.constantFrom(0, 25),
  })

  test('are each given once, with the pause that one loop alone would give them, in whatever order', () => {
    fc.assert(
      fc.property(
        loops,
        fc.array(fc.nat(7), { maxLength: 300 }),
        fc.nat(),
        (options, turns, seed) => {
          const random = () => randomStreams(seed)('slots')
          const positions = new Uint32Array(new SharedArrayBuffer(4))
          const claim = () => Atomics.add(positions, 0, 1)
          const sources = Array.from({ length: 8 }, () =>
            createClosedLoop({ ...options, random: random(), claim }),
          )
          const given = turns.flatMap((turn) => sources[turn]?.() ?? [])
          const all = [...given, ...sources.flatMap((source) => drain(source))]
          expect(all).toEqual(drain(createClosedLoop({ ...options, random: random() })))
        },
      ),
    )
  })
})

test('turns of pairs are drawn as they come, one for each pair', () => {
  const random = randomStreams(3)('pairs')
  const turns = drawFirstTurns(500, 3, randomStreams(3)('pairs'))
  expect([...turns]).toEqual(Array.from({ length: 500 }, () => Math.floor(random() * 3)))
  expect(new Set(turns)).toEqual(new Set([0, 1, 2]))
})
