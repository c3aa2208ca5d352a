import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatHopTiming, readHopTimings, sumServerTimings } from '../../src/wire/hop-timing.ts'

describe('hop timings', () => {
  test('are read outermost first, the model last, whatever order the header has', () => {
    const header = `total;dur=5.000, queue;dur=1.0, ${formatHopTiming('proxy', 7, 6)}, ${formatHopTiming('chatbot', 10, 8)}`
    expect(readHopTimings(header)).toEqual([
      { name: 'chatbot', totalMs: 10, upstreamMs: 8 },
      { name: 'proxy', totalMs: 7, upstreamMs: 6 },
      { name: 'model', totalMs: 5, upstreamMs: undefined },
    ])
  })

  test('half a hop, or none, is no hop', () => {
    expect(readHopTimings('proxy;dur=3, cache;desc="hit"')).toEqual([])
    expect(readHopTimings('')).toEqual([])
  })

  test('of several rounds add up', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: 1 }), (times) => {
        const sum = sumServerTimings(times.map((ms) => formatHopTiming('proxy', ms + 1, ms)))
        const total = times.reduce((a, b) => a + b, 0)
        expect(readHopTimings(sum)).toEqual([
          { name: 'proxy', totalMs: total + times.length, upstreamMs: total },
        ])
      }),
    )
  })
})
