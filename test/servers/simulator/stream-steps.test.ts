import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  countBursts,
  countContentEvents,
  type StreamPlan,
  type StreamShape,
  streamSteps,
} from '../../../src/servers/simulator/stream-steps.ts'
import { createUsage } from '../../../src/wire/usage.ts'

const PLAIN: StreamShape = { burst: 1, burstAs: 'event', stall: undefined }

/** Eight tokens, the first `reasoning` of them thought; token n takes n ms. */
function plan(shape: Partial<StreamShape> = {}, reasoning = 0): StreamPlan {
  const words = Array.from({ length: 8 }, (_, index) => ` w${index}`)
  return {
    answer: {
      reasoning: words.slice(0, reasoning),
      content: words.slice(reasoning),
      finishReason: 'stop',
    },
    completion: {
      id: 'x',
      created: 1,
      model: 'm',
      content: '',
      finishReason: 'stop',
      usage: createUsage(1, 8),
    },
    options: {},
    shape: { ...PLAIN, ...shape },
    tokenMs: (index) => index,
  }
}

const pauses = (given: StreamPlan) =>
  [...streamSteps(given)].filter(({ tokens }) => tokens > 0).map(({ pauseMs }) => pauseMs)

describe('streamSteps', () => {
  test.each<[string, Partial<StreamShape>, number, readonly number[]]>([
    ['token by token', {}, 0, [0, 1, 2, 3, 4, 5, 6, 7]],
    ['in bursts, due with their first token', { burst: 3 }, 0, [0, 1 + 2 + 3, 4 + 5 + 6]],
    ['never thinking and saying in one', { burst: 3 }, 2, [0, 1 + 2, 3 + 4 + 5]],
    ['with a stall', { stall: { afterTokens: 3, ms: 100 } }, 0, [0, 1, 2, 103, 4, 5, 6, 7]],
    ['with a stall in a burst', { burst: 3, stall: { afterTokens: 4, ms: 100 } }, 0, [0, 6, 115]],
    [
      'with a stall that is never reached',
      { stall: { afterTokens: 9, ms: 100 } },
      0,
      [0, 1, 2, 3, 4, 5, 6, 7],
    ],
  ])('waits %s', (_, shape, reasoning, expected) => {
    expect(pauses(plan(shape, reasoning))).toEqual(expected)
  })

  test('gives every token once, in as many bursts and events as are counted', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10 }),
        fc.constantFrom('event', 'write'),
        fc.nat(8),
        (burst, burstAs, reasoning) => {
          const given = plan({ burst, burstAs }, reasoning)
          const steps = [...streamSteps(given)].filter(({ tokens }) => tokens > 0)
          const events = steps.flatMap((step) => step.events)
          expect(steps).toHaveLength(countBursts(given))
          expect(events.filter((event) => event.includes('"content"'))).toHaveLength(
            countContentEvents(given),
          )
          expect(steps.reduce((sum, { tokens }) => sum + tokens, 0)).toBe(8)
          expect(events.join('').match(/ w\d/g)).toHaveLength(8)
        },
      ),
    )
  })
})
