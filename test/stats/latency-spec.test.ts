import { describe, expect, test } from 'vitest'
import {
  meanLatencyMs,
  parseDurationMs,
  parseLatencySpec,
  parseTraceTimes,
  sampleLatencyMs,
} from '../../src/stats/latency-spec.ts'
import { createRandom } from '../../src/stats/random.ts'

describe('parseLatencySpec', () => {
  test.each([
    ['20ms', { kind: 'fixed', ms: 20 }],
    ['0', { kind: 'fixed', ms: 0 }],
    ['fixed:1.5s', { kind: 'fixed', ms: 1500 }],
    ['250us', { kind: 'fixed', ms: 0.25 }],
    ['lognormal:20ms,0.3', { kind: 'lognormal', medianMs: 20, sigma: 0.3 }],
    ['gamma:20ms, 2', { kind: 'gamma', meanMs: 20, shape: 2 }],
  ])('reads %s', (text, spec) => {
    expect(parseLatencySpec(text)).toEqual(spec)
  })

  test.each([
    '',
    '20',
    'ms',
    '-5ms',
    'lognormal:20ms',
    'gamma:20ms,0',
    'uniform:1ms,2',
    '1ms,2ms',
    'gamma:1ms,2,3',
  ])('refuses %j, naming it and the forms', (text) => {
    expect(() => parseLatencySpec(text)).toThrow(JSON.stringify(text))
    expect(() => parseLatencySpec(text)).toThrow('lognormal:MEDIAN,SIGMA')
  })
})

test('durations have units', () => {
  expect(['2m', '3s', '4ms', '5us', '6', 'x'].map(parseDurationMs)).toEqual([
    120_000,
    3000,
    4,
    expect.closeTo(0.005, 9),
    undefined,
    undefined,
  ])
})

describe('parseTraceTimes', () => {
  test('reads lines with comments, and JSON arrays', () => {
    expect(parseTraceTimes('12.5\n# warm\n\n8 # last\r\n')).toEqual([12.5, 8])
    expect(parseTraceTimes('[1, 2.5]')).toEqual([1, 2.5])
  })

  test('names the row that is no time', () => {
    expect(() => parseTraceTimes('1\nfast\n')).toThrow('row 2: "fast"')
    expect(() => parseTraceTimes('[]')).toThrow('no times')
  })
})

test('a trace is replayed in order and begins again', () => {
  const spec = { kind: 'trace', timesMs: [1, 2, 3] } as const
  const random = createRandom(1)
  expect([0, 1, 2, 3].map((index) => sampleLatencyMs(spec, random, index))).toEqual([1, 2, 3, 1])
})

test.each(['7ms', 'lognormal:20ms,0.5', 'gamma:20ms,2'])(
  'the mean of %s is what its draws average to',
  (text) => {
    const spec = parseLatencySpec(text)
    const random = createRandom(text)
    let sum = 0
    for (let index = 0; index < 50_000; index += 1) sum += sampleLatencyMs(spec, random)
    expect(sum / 50_000 / meanLatencyMs(spec)).toBeCloseTo(1, 1)
  },
)
