import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CountSpec } from '../../src/model/count-spec.ts'
import { UsageError } from '../../src/model/usage-error.ts'
import { byteSize, duration, readDuration, readShare } from '../../src/options/kinds.ts'
import { overheadBudgets, slo } from '../../src/options/measurement-kinds.ts'
import { namedEndpoints, splitEndpointHeader } from '../../src/options/named-endpoints.ts'
import { parseCommandLine } from '../../src/options/parse.ts'
import type { RunOptions } from '../../src/options/run-options.ts'
import { countSpec } from '../../src/options/stream-kinds.ts'

const ONE = ['--url', 'http://a/', '--model', 'm']
const TWO = ['--direct-url', 'http://a/', '--proxy-url', 'http://b/', '--model', 'm']

function parseRun(argv: readonly string[]): RunOptions {
  const parsed = parseCommandLine(argv, {})
  if (parsed.command !== 'run') throw new Error(`parsed as ${parsed.command}`)
  return parsed.options
}

function problemOf(argv: readonly string[]): string {
  try {
    parseCommandLine(argv, {})
  } catch (error) {
    if (error instanceof UsageError) return error.message
    throw error
  }
  throw new Error(`no error for ${argv.join(' ')}`)
}

describe('values', () => {
  test('budgets', () => {
    expect(parseRun([...TWO, '--max-overhead', 'p95=5ms,mean=2%']).maxOverhead).toEqual([
      { metric: 'p95', limit: { ms: 5 } },
      { metric: 'mean', limit: { share: 0.02 } },
    ])
    const options = parseRun([...TWO, '--max-error-rate', '1%', '--min-ok-rps', '12.5'])
    expect(options).toMatchObject({ maxErrorRate: 0.01, minOkRps: 12.5 })
  })

  test('an SLO and rates', () => {
    expect(parseRun([...TWO, '--rate', '7.5', '--slo', 'e2e=2s'])).toMatchObject({
      rate: 7.5,
      slo: { e2eMs: 2000 },
      arrival: 'poisson',
      maxInFlight: 128,
    })
    expect(parseRun([...TWO, '--rate-list', '1,2.5']).rateList).toEqual([1, 2.5])
  })

  test('an SLO of streams', () => {
    const given = ['--stream', '--slo', 'ttft=500ms,tpot=50ms,e2e=2s']
    expect(parseRun([...ONE, ...given]).slo).toEqual({ ttftMs: 500, tpotMs: 50, e2eMs: 2000 })
  })

  test.each([
    ['64', { kind: 'fixed', count: 64 }, 'fixed:64'],
    ['fixed:64', { kind: 'fixed', count: 64 }, 'fixed:64'],
    ['uniform:16,128', { kind: 'uniform', low: 16, high: 128 }, 'uniform:16,128'],
    ['normal:64,16.5', { kind: 'normal', mean: 64, deviation: 16.5 }, 'normal:64,16.5'],
    ['lognormal:64,0.5', { kind: 'lognormal', median: 64, sigma: 0.5 }, 'lognormal:64,0.5'],
  ])('the number of tokens %s', (text, spec, printed) => {
    const options = parseRun([...ONE, '--output-tokens', text, '--input-tokens', text])
    expect(options).toMatchObject({ outputTokens: spec, inputTokens: spec })
    expect(countSpec.print(spec as CountSpec)).toBe(printed)
  })

  test.each(['0', '1.5', 'uniform:5', 'uniform:9,2', 'normal:0,1', 'gamma:2,3', 'fixed:1,2', 'x'])(
    '%s is no number of tokens',
    (text) => {
      expect(problemOf([...ONE, '--output-tokens', text])).toContain('is no number of tokens')
    },
  )

  test('when streams are ended', () => {
    const read = (text: string) =>
      parseRun([...ONE, '--stream', '--cancel-after', text]).cancelAfter
    expect(read('500ms')).toEqual({ ms: 500 })
    expect(read('3 chunks')).toEqual({ chunks: 3 })
    expect(read('1chunk')).toEqual({ chunks: 1 })
  })

  test('what is read is printed so that it reads the same', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 1e6, noNaN: true }), (ms) => {
        const given = Number(ms.toFixed(3))
        fc.pre(given > 0)
        expect(readDuration(duration.print(given))).toBe(given)
        const budget = [{ metric: 'p99' as const, limit: { ms: given } }]
        expect(overheadBudgets.read(overheadBudgets.print(budget))).toEqual({ value: budget })
        expect(slo.read(slo.print({ e2eMs: given }))).toEqual({ value: { e2eMs: given } })
      }),
    )
  })

  test.each([
    ['500MB', 500_000_000],
    ['1GiB', 1024 ** 3],
    ['1.5kB', 1500],
    ['2000', 2000],
    ['0', undefined],
    ['0.1B', undefined],
    ['5 MB', undefined],
    ['5mb', undefined],
    ['', undefined],
  ])('the size %j', (text, bytes) => {
    const read = byteSize.read(text)
    expect('value' in read ? read.value : undefined).toBe(bytes)
  })

  test('a size is printed so that it reads the same', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (given) => {
        fc.pre(given > 0)
        expect(byteSize.read(byteSize.print(given))).toEqual({ value: given })
      }),
    )
  })

  test.each([
    ['1%', 0.01],
    ['0.01', 0.01],
    ['100%', 1],
    ['0', 0],
    ['2', undefined],
    ['-1%', undefined],
    ['%', undefined],
  ])('the share %s', (text, value) => {
    expect(readShare(text)).toBe(value)
  })
})

describe('endpoints', () => {
  test('come baseline first, each with its flag', () => {
    const named = [
      ...['--endpoint', 'gate=http://c/', '--endpoint', 'other=http://d/'],
      ...['--baseline', 'gate'],
    ]
    expect(
      namedEndpoints(parseRun([...TWO, ...named])).map(({ name, flag }) => [name, flag]),
    ).toEqual([
      ['gate', '--endpoint gate'],
      ['direct', '--direct-url'],
      ['proxy', '--proxy-url'],
      ['other', '--endpoint other'],
    ])
  })

  test.each([
    [['proxy', 'X-A=1'], 'proxy', ['X-A', '1']],
    [['proxy', 'X-A: 1'], 'proxy', ['X-A', '1']],
    [['X-A', '1'], undefined, ['X-A', '1']],
    [['other', 'X-A=1'], undefined, ['other', 'X-A=1']],
    [['proxy', 'plain'], undefined, ['proxy', 'plain']],
  ] as const)('the header %j', (given, endpoint, header) => {
    expect(splitEndpointHeader(given, ['direct', 'proxy'])).toEqual({ endpoint, header })
  })
})

describe('wrong usage names flag, value and way out', () => {
  test.each([
    [[...TWO, '--max-overhead', 'p95=fast'], /has the entry "p95=fast"; write METRIC=LIMIT/],
    [[...TWO, '--max-overhead', 'p42=1ms'], /with mean, p50, p95, p99/],
    [[...TWO, '--max-error-rate', '7'], /--max-error-rate: "7" is not a share; write it as 1%/],
    [
      [...ONE, '--input-tokens', '64', '--dataset-suite', 'mini'],
      /--input-tokens fixed:64 makes up the prompts, which --dataset-suite mini brings along/,
    ],
    [[...ONE, '--slo', 'ttft=1s'], /--slo ttft=1000ms is about streams.*add --stream/],
    [[...ONE, '--slo', 'e2e=1s,e2e=2s'], /names e2e twice/],
    [[...ONE, '--cancel-after', '3chunks'], /--cancel-after 3chunks ends streams.*add --stream/],
    [[...ONE, '--stream', '--cancel-after', 'soon'], /write it as 500ms or 3chunks/],
    [[...ONE, '--stream', '--cancel-after', '0chunks'], /write it as 500ms or 3chunks/],
    [
      [...ONE, '--stream', '--cancel-after', '1s', '--mode', 'probe'],
      /--cancel-after 1000ms leaves no whole answer for --mode probe/,
    ],
    [[...TWO, '--slo', '2s'], /--slo: "2s" is not an SLO; write it as e2e=2s/],
    [[...TWO, '--until-half-width', '0ms'], /is not a time; write it as 250us/],
    [[...TWO, '--rate', '0'], /--rate: "0" is not a number above 0/],
    [[...TWO, '--rate-list', '1,,2'], /--rate-list: "1,,2" has the entry ""/],
    [[...TWO, '--rate', '1', '--rate-list', '1,2'], /--rate 1 and --rate-list 1,2 exclude/],
    [[...TWO, '--rate', '1', '--concurrency-list', '1,2'], /--rate 1 and --concurrency-list 1,2/],
    [[...TWO, '--rate', '1', '--order', 'paired'], /--order paired shares out a concurrency/],
    [[...TWO, '--rate', '1', '--jitter-ms', '5'], /use --arrival poisson/],
    [[...TWO, '--rounds', '6', '--requests', '5'], /--rounds 6 is more than --requests 5/],
    [[...TWO, '--order', 'sequential', '--noise-floor'], /--noise-floor needs rounds/],
    [[...TWO, '--order', 'concurrent', '--concurrency', '1'], /1 is less than one for each of 2/],
    [[...ONE, '--noise-floor'], /--noise-floor compares endpoints, and there is one/],
    [[...ONE, '--max-overhead', 'p95=1ms'], /--max-overhead compares endpoints/],
    [[...ONE, '--endpoint', 'target=http://x/'], /names target a second time/],
    [[...ONE, '--endpoint', 'http://x/'], /does not begin with a name/],
    [[...TWO, '--baseline', 'nobody'], /--baseline nobody is no endpoint.*direct, proxy/],
    [[...TWO, '--endpoint-token', 'nobody=t0ken-value'], /is for no endpoint of this run/],
    [[...TWO, '--find-capacity'], /--find-capacity needs an SLO/],
    [
      [...TWO, '--find-capacity', '--slo', 'e2e=1s', '--rate-list', '1,2'],
      /leave --rate-list 1,2 out/,
    ],
  ])('%j', (argv, message) => {
    expect(problemOf(argv)).toMatch(message)
  })

  test('a token of an endpoint is not repeated', () => {
    expect(problemOf([...TWO, '--endpoint-token', 'nobody=t0ken-value'])).not.toContain('t0ken')
    expect(problemOf([...TWO, '--endpoint-token', 't0ken-value'])).not.toContain('t0ken')
  })
})
