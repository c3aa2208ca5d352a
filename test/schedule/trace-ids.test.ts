import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createTraceIds, createTraceparents } from '../../src/schedule/trace-ids.ts'

const SCOPE = { traceKey: '2026-01-01T00:00:00.000Z/1', endpoint: 'proxy', levelIndex: 0 }

const scopes = fc.record({
  traceKey: fc.string({ maxLength: 20 }),
  endpoint: fc.string({ maxLength: 10 }),
  levelIndex: fc.nat(20),
  warmUp: fc.boolean(),
})

describe('ids of traces', () => {
  test('have the form of W3C Trace Context, and never the zeros that it forbids', () => {
    fc.assert(
      fc.property(scopes, fc.nat(2 ** 32 - 1), (scope, sequence) => {
        const header = createTraceparents(scope)(sequence)
        expect(header).toMatch(/^00-[\da-f]{32}-[\da-f]{16}-01$/)
        expect(header).not.toMatch(/-0+-/)
        const { traceId, spanId } = createTraceIds(scope)(sequence)
        expect(header).toBe(`00-${traceId}-${spanId}-01`)
      }),
    )
  })

  test('are the same each time, and others elsewhere', () => {
    const ids = (scope: typeof SCOPE) => createTraceIds(scope)(7).traceId
    expect(ids(SCOPE)).toBe(ids({ ...SCOPE }))
    const others = [
      { ...SCOPE, endpoint: 'direct' },
      { ...SCOPE, levelIndex: 1 },
      { ...SCOPE, traceKey: 'other' },
      { ...SCOPE, warmUp: true },
    ]
    expect(new Set([SCOPE, ...others].map((scope) => ids(scope))).size).toBe(5)
  })

  test('no two requests of a scope share one, nor even half of one', () => {
    const idsOf = createTraceIds(SCOPE)
    const seen = { front: new Set<string>(), back: new Set<string>(), span: new Set<string>() }
    const count = 100_000
    for (let sequence = 0; sequence < count; sequence += 1) {
      const { traceId, spanId } = idsOf(sequence)
      seen.front.add(traceId.slice(0, 16))
      seen.back.add(traceId.slice(16))
      seen.span.add(spanId)
    }
    expect([seen.front.size, seen.back.size, seen.span.size]).toEqual([count, count, count])
  })

  test('set each bit in about half of them', () => {
    const idsOf = createTraceIds(SCOPE)
    const counts = Array.from({ length: 128 }, () => 0)
    for (let sequence = 0; sequence < 4000; sequence += 1) {
      const bits = BigInt(`0x${idsOf(sequence).traceId}`)
      for (let bit = 0; bit < 128; bit += 1) {
        if ((bits >> BigInt(bit)) & 1n) counts[bit] = (counts[bit] ?? 0) + 1
      }
    }
    // 2000 are expected, with a standard deviation of 32.
    expect(Math.min(...counts)).toBeGreaterThan(1840)
    expect(Math.max(...counts)).toBeLessThan(2160)
  })
})
