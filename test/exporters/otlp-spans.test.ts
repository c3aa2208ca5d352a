import { resourceFromAttributes } from '@opentelemetry/resources'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toHrTime } from '../../src/exporters/otlp-common.ts'
import { toSpans } from '../../src/exporters/otlp-spans.ts'
import { createTraceparents } from '../../src/schedule/trace-ids.ts'
import { comparisonRecord } from '../helpers/saved-runs.ts'

const RESOURCE = resourceFromAttributes({ 'service.name': 'x' })
const ZERO_AT = Date.parse('2026-01-01T00:00:00.000Z')
const RECORD = comparisonRecord({ clockZeroAt: ZERO_AT })

describe('spans of a run', () => {
  test('have the ids, instants and outcomes of the requests', () => {
    const plan = { ...RECORD.plan, traceKey: 'key' }
    const spans = toSpans({ ...RECORD, plan }, RESOURCE, 10_000)
    expect(spans).toHaveLength(1202)
    const proxy = spans.filter(
      ({ attributes }) =>
        attributes['llmtrace_bench.endpoint'] === 'proxy' &&
        attributes['llmtrace_bench.concurrency'] === 4,
    )
    const headerOf = createTraceparents({ traceKey: 'key', endpoint: 'proxy', levelIndex: 1 })
    expect(
      proxy.map((span) => {
        const { traceId, spanId } = span.spanContext()
        return `00-${traceId}-${spanId}-01`
      }),
    ).toEqual(
      proxy.map(({ attributes }) => headerOf(Number(attributes['llmtrace_bench.sequence']))),
    )
    // The first is sent at instant 1000 and takes 25 ms.
    expect(proxy[0]?.startTime).toEqual([ZERO_AT / 1000 + 1, 0])
    expect(proxy[0]?.duration).toEqual([0, 25e6])
    expect(proxy[0]?.attributes).toMatchObject({
      'http.response.status_code': 200,
      'server.address': '127.0.0.1',
      'server.port': 8081,
    })
    expect(proxy[0]?.status.code).toBe(0)
    expect(proxy.at(-1)?.attributes).toMatchObject({ 'error.type': 'throttled' })
    expect(proxy.at(-1)?.status.code).toBe(2)
  })

  test('are at most as many as asked for, the same sequences on both sides', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1300 }), (most) => {
        const spans = toSpans(RECORD, RESOURCE, most)
        expect(spans.length).toBeLessThanOrEqual(most)
        return most < 8 || spans.length > most / 3
      }),
      { numRuns: 30 },
    )
    const sequencesOf = (endpoint: string) =>
      toSpans(RECORD, RESOURCE, 120)
        .filter(({ attributes }) => attributes['llmtrace_bench.endpoint'] === endpoint)
        .map(({ attributes }) => Number(attributes['llmtrace_bench.sequence']))
        .filter((sequence) => sequence < 250)
    expect(new Set(sequencesOf('proxy'))).toEqual(new Set(sequencesOf('direct')))
  })

  test('a run file that does not know the time of day has none', () => {
    expect(toSpans(comparisonRecord(), RESOURCE, 10)).toEqual([])
  })
})

test('times are whole seconds and nanoseconds below a second', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 2e12, noNaN: true }), (unixMs) => {
      const [seconds, nanoseconds] = toHrTime(unixMs)
      expect(Number.isInteger(seconds) && Number.isInteger(nanoseconds)).toBe(true)
      expect(nanoseconds).toBeGreaterThanOrEqual(0)
      expect(nanoseconds).toBeLessThan(1e9)
      expect(seconds * 1000 + nanoseconds / 1e6).toBeCloseTo(unixMs, 2)
    }),
  )
})
