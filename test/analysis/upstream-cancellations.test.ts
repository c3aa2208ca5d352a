import { describe, expect, test } from 'vitest'
import { isStreamed } from '../../src/analysis/stream-answer.ts'
import { upstreamCancellations } from '../../src/analysis/upstream-cancellations.ts'
import { STREAM_FLAGS } from '../../src/model/stream.ts'
import { buildMeasurement, type Row, streamOf } from '../helpers/measurement-builder.ts'

const flags = STREAM_FLAGS.events | STREAM_FLAGS.cancelledAsAsked

/** Streams sent 10 ms apart from instant 1000 + 1000 a round on, each cancelled after 50 ms. */
function cancelled(endpoint: string, count: number, round = 0) {
  const rows = Array.from({ length: count }, (_, sequence): Row => ({
    sequence,
    round,
    outcome: 'cancelled',
    latencyMs: 50,
    stream: streamOf([20, 30], { flags }),
  }))
  const measurement = buildMeasurement(rows, { endpoint })
  if (!isStreamed(measurement)) throw new Error('no streams')
  return measurement
}

describe('cancellations upstream', () => {
  test('are those of its block that went away, and how late', () => {
    const arrivals = [0, 1, 2].map((index) => ({
      at: 1001 + index * 10,
      abortedAt: 1050 + index * 10 + 7,
    }))
    const before = { at: 900, abortedAt: 930 }
    const [found] = upstreamCancellations([cancelled('proxy', 3)], [before, ...arrivals])
    expect(found).toMatchObject({
      endpoint: 'proxy',
      cancelled: 3,
      stopped: { value: { count: 3, of: 3 } },
      p50: { reason: 'needs 20' },
      max: { value: 7 },
    })
  })

  test('that the proxy does not pass on are counted, and have no lateness', () => {
    const arrivals = [{ at: 1001, abortedAt: 1060 }, { at: 1011 }]
    const [found] = upstreamCancellations([cancelled('proxy', 2)], arrivals)
    expect(found?.stopped.value).toEqual({ count: 1, of: 2 })
    expect(found?.max.reason).toBe('1 requests went away there, 2 were cancelled here')
  })

  test('of two endpoints are told apart by their blocks', () => {
    const arrivals = [{ at: 1001, abortedAt: 1052 }, { at: 2001 }]
    const both = [cancelled('direct', 1), cancelled('proxy', 1, 1)]
    const found = upstreamCancellations(both, arrivals)
    expect(found.map(({ stopped }) => stopped.value?.count)).toEqual([1, 0])
  })

  test('are not told where both were measured at once', () => {
    const [found] = upstreamCancellations([cancelled('direct', 2), cancelled('proxy', 2)], [])
    expect(found?.stopped.reason).toContain('measured at once')
  })

  test('are not told where the log holds nothing of the run', () => {
    const [found] = upstreamCancellations([cancelled('proxy', 2)], [{ at: 5 }])
    expect(found?.stopped.reason).toBe('no request of the run is in the log')
  })
})
