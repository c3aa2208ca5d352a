import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { breakDownHops, findHops } from '../../src/analysis/hops.ts'
import type { HopTime, ResponseFacts } from '../../src/model/response-facts.ts'
import { buildMeasurement, okRows } from '../helpers/measurement-builder.ts'

function facts(sequence: number, hops: readonly HopTime[] | undefined): ResponseFacts {
  return {
    sequence,
    cacheHit: false,
    cachedTokens: 0,
    retries: 0,
    completionTokens: undefined,
    contentHash: undefined,
    truncatedReasoning: false,
    selfReport: undefined,
    hops,
  }
}

const chain = (chatbot: number, proxy: number, model: number): HopTime[] => [
  { name: 'chatbot', totalMs: chatbot + proxy + model + 2, upstreamMs: proxy + model + 1 },
  { name: 'proxy', totalMs: proxy + model, upstreamMs: model },
  { name: 'model', totalMs: model },
]

describe('breakDownHops', () => {
  test('takes each answer apart from the client to the model', () => {
    const measurement = buildMeasurement(okRows([20, 30]), {
      endpoint: 'proxy',
      facts: [facts(0, chain(2, 3, 10)), facts(1, chain(4, 3, 12))],
    })
    const found = breakDownHops(measurement)
    expect(found).toMatchObject({ endpoint: 'proxy', answers: 2, lookedAt: 2, e2eMs: 25 })
    expect(found?.parts).toEqual([
      { name: 'client to chatbot', meanMs: 6 },
      { name: 'chatbot', meanMs: 4 },
      { name: 'chatbot to proxy', meanMs: 1 },
      { name: 'proxy', meanMs: 3 },
      { name: 'proxy to model', meanMs: 0 },
      { name: 'model', meanMs: 11 },
    ])
  })

  test('what the last hop waited for is told even where nothing behind it speaks', () => {
    const hops = [{ name: 'proxy', totalMs: 9, upstreamMs: 8 }]
    const found = breakDownHops(buildMeasurement(okRows([10]), { facts: [facts(0, hops)] }))
    expect(found?.parts).toEqual([
      { name: 'client to proxy', meanMs: 1 },
      { name: 'proxy', meanMs: 1 },
      { name: 'behind proxy', meanMs: 8 },
    ])
  })

  test('answers that came another way are left out and counted', () => {
    const odd = [{ name: 'proxy', totalMs: 1, upstreamMs: 1 }]
    const measurement = buildMeasurement(okRows([20, 20, 5]), {
      facts: [facts(0, chain(1, 1, 1)), facts(1, chain(1, 1, 1)), facts(2, odd)],
    })
    expect(breakDownHops(measurement)).toMatchObject({ answers: 2, lookedAt: 3, e2eMs: 20 })
  })

  test('the model alone is no chain, and no answer tells nothing', () => {
    const model = [{ name: 'model', totalMs: 5 }]
    expect(
      breakDownHops(buildMeasurement(okRows([9]), { facts: [facts(0, model)] })),
    ).toBeUndefined()
    expect(breakDownHops(buildMeasurement(okRows([9])))).toBeUndefined()
    // A run file from before hops were read.
    expect(
      breakDownHops(buildMeasurement(okRows([9]), { facts: [facts(0, undefined)] })),
    ).toBeUndefined()
  })

  test('a run shows them where there is a chain, and then of each endpoint', () => {
    const one = (endpoint: string, hops: readonly HopTime[]) =>
      buildMeasurement(okRows([20]), { endpoint, facts: [facts(0, hops)] })
    const proxy = chain(1, 1, 1).slice(1)
    expect(findHops([one('direct', []), one('proxy', proxy)])).toEqual([])
    const both = findHops([one('direct', proxy), one('proxy', chain(1, 1, 1))])
    expect(both.map(({ endpoint }) => endpoint)).toEqual(['direct', 'proxy'])
  })

  test('the parts add up to what the client saw, whatever the hops claim', () => {
    const ms = fc.double({ min: 0, max: 1000, noNaN: true })
    const hop = fc.record({ totalMs: ms, upstreamMs: ms })
    const answers = fc.array(fc.tuple(ms, fc.tuple(hop, hop)), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(answers, (told) => {
        const measurement = buildMeasurement(okRows(told.map(([latency]) => latency)), {
          facts: told.map(([, [a, b]], index) =>
            facts(index, [
              { name: 'chatbot', ...a },
              { name: 'proxy', ...b },
            ]),
          ),
        })
        const found = breakDownHops(measurement)
        const sum = found?.parts.reduce((total, { meanMs }) => total + meanMs, 0)
        expect(sum).toBeCloseTo(found?.e2eMs ?? Number.NaN, 6)
      }),
    )
  })
})
