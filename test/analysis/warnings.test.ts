import { describe, expect, test } from 'vitest'
import { analyse } from '../../src/analysis/analyse.ts'
import type { Measurement } from '../../src/model/measurement.ts'
import type { ResponseFacts } from '../../src/model/response-facts.ts'
import type { AnalysisSettings } from '../../src/model/run-record.ts'
import { buildMeasurement, okRows, type Row, roundRows } from '../helpers/measurement-builder.ts'
import { PLAIN_SETTINGS } from '../helpers/settings.ts'

const ONE = [{ name: 'target', url: 'http://a/', baseline: true }]
const TWO = [
  { name: 'direct', url: 'http://a/', baseline: true },
  { name: 'proxy', url: 'http://b/', baseline: false },
]

function codesOf(measurements: readonly Measurement[], settings: Partial<AnalysisSettings> = {}) {
  const { warnings } = analyse({
    plan: { endpoints: measurements.length === 1 ? ONE : TWO, order: 'rounds' },
    settings: { ...PLAIN_SETTINGS, ...settings },
    measurements,
  })
  return warnings.map(({ code }) => code)
}

const ENOUGH = Array.from({ length: 1000 }, () => 20)
const ofRows = (rows: readonly Row[], given: Partial<Measurement> = {}) =>
  codesOf([buildMeasurement([...okRows(ENOUGH), ...rows], given)])

describe('one endpoint', () => {
  test('a clean run has none', () => {
    expect(ofRows([])).toEqual([])
  })

  test('errors above 1 % are one, at 1 % none', () => {
    const failing = (count: number) =>
      Array.from({ length: count }, () => ({ outcome: 'reset' as const }))
    expect(ofRows(failing(10))).toEqual([])
    expect(ofRows(failing(11))).toEqual(['errors'])
  })

  test('throttling, reconnects and no success are told apart', () => {
    expect(codesOf([buildMeasurement([{ outcome: 'throttled', status: 429 }])])).toEqual([
      'no-success',
      'throttled',
    ])
    expect(ofRows([{ reused: false }])).toEqual(['reconnects'])
    const fresh = [buildMeasurement([...okRows(ENOUGH), { reused: false }])]
    expect(codesOf(fresh, { keepAlive: false })).toEqual([])
  })

  test('a cold client and a stopped run are each one', () => {
    expect(codesOf([buildMeasurement(okRows(ENOUGH))], { selfWarmup: false })).toEqual([
      'cold-client',
    ])
    expect(ofRows([], { partial: true })).toEqual(['partial'])
  })

  test('a busy client is one: a late event loop, or a full core', () => {
    const load = { round: 0, loopDelayP99Ms: 0.5, cpuShare: 0.3 }
    expect(ofRows([], { clientLoads: [load] })).toEqual([])
    expect(ofRows([], { clientLoads: [{ ...load, loopDelayP99Ms: 2.1 }] })).toEqual([
      'client-saturated',
    ])
    expect(ofRows([], { clientLoads: [{ ...load, cpuShare: 0.9 }] })).toEqual(['client-saturated'])
  })

  test('lateness of an open loop is one, unless arrivals were held back', () => {
    const level = { concurrency: 8, rate: 10 }
    const late = ENOUGH.map(() => ({ lagMs: 2 }))
    expect(codesOf([buildMeasurement(late, { level })])).toEqual(['schedule-lag'])
    expect(codesOf([buildMeasurement(late, { level, heldBack: 3 })])).toEqual(['held-back'])
  })

  test('percentiles with too few samples are one, naming what each needs', () => {
    const { warnings } = analyse({
      plan: { endpoints: ONE, order: 'rounds' },
      settings: PLAIN_SETTINGS,
      measurements: [buildMeasurement(okRows(Array.from({ length: 100 }, () => 5)))],
    })
    expect(warnings).toEqual([
      {
        code: 'few-samples',
        message:
          'target at concurrency 1: 100 ok requests are too few for p95 (needs 200), p99 (needs 1000): fewer than ten lie beyond it',
        advice: '--requests 1000',
      },
    ])
  })
})

describe('drift and outliers', () => {
  const rounds = (latencyOf: (round: number) => number) => [
    buildMeasurement(roundRows(8, 130, (round, sequence) => latencyOf(round) + (sequence % 5))),
  ]

  test('a trend of the baseline is one', () => {
    expect(codesOf(rounds((round) => 100 + 0.5 * round))).toEqual([])
    expect(codesOf(rounds((round) => 100 + 5 * round))).toEqual(['drift'])
  })

  test('a round unlike the others is one', () => {
    const oddRound = (round: number) => (round === 3 ? 160 : 100 + Math.sin(round))
    expect(codesOf(rounds(oddRound))).toContain('outlying-round')
  })

  test('a baseline whose own tail grows with the level is one', () => {
    const at = (concurrency: number, latencyMs: number) =>
      buildMeasurement(okRows(ENOUGH.map(() => latencyMs)), { level: { concurrency } })
    expect(codesOf([at(1, 20), at(2, 30)])).toEqual([])
    expect(codesOf([at(1, 20), at(2, 41)])).toEqual(['baseline-saturated'])
  })
})

describe('answers', () => {
  const PLAIN: ResponseFacts = {
    sequence: 0,
    cacheHit: false,
    cachedTokens: 0,
    retries: 0,
    completionTokens: 5,
    contentHash: 'a',
    truncatedReasoning: false,
    selfReport: undefined,
  }
  const sides = (before: Partial<ResponseFacts>, after: Partial<ResponseFacts>, added = 5) =>
    codesOf([
      buildMeasurement(okRows(ENOUGH), { endpoint: 'direct', facts: [{ ...PLAIN, ...before }] }),
      buildMeasurement(okRows(ENOUGH.map((ms) => ms + added)), {
        endpoint: 'proxy',
        facts: [{ ...PLAIN, ...after }],
      }),
    ])

  test.each([
    [{}, []],
    [{ cacheHit: true }, ['cache-hits']],
    [{ cachedTokens: 7 }, ['cache-hits']],
    [{ retries: 1 }, ['hidden-retries']],
    [{ completionTokens: 6 }, ['token-mismatch']],
    [{ contentHash: 'b' }, ['content-mismatch']],
    [{ truncatedReasoning: true }, ['truncated-reasoning']],
    [{ selfReport: { source: 'x-y', ms: 4.5 } }, []],
    [{ selfReport: { source: 'x-y', ms: 0.1 } }, ['self-report']],
    [{ selfReport: { source: 'x-y', ms: 25 } }, ['self-report']],
  ] as const)('%o', (after, codes) => {
    expect(sides({}, after)).toEqual(codes)
  })

  test('an answer that is missing on a side is no mismatch', () => {
    expect(sides({ completionTokens: undefined }, { completionTokens: 5 })).toEqual([])
  })
})

test('a control arm that differs is one', () => {
  const endpoints = [
    { name: 'direct', url: 'http://a/', baseline: true },
    { name: 'direct-again', url: 'http://a/', baseline: false, control: true },
  ]
  const side = (endpoint: string, added: number) =>
    buildMeasurement(
      roundRows(8, 130, (_, sequence) => 20 + added + (sequence % 7) / 10),
      { endpoint },
    )
  const warningsWith = (added: number) =>
    analyse({
      plan: { endpoints, order: 'rounds' },
      settings: PLAIN_SETTINGS,
      measurements: [side('direct', 0), side('direct-again', added)],
    }).warnings.map(({ code }) => code)
  expect(warningsWith(0)).toEqual([])
  expect(warningsWith(1)).toEqual(['biased-control'])
})
