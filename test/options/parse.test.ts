import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UsageError } from '../../src/model/usage-error.ts'
import { COMMANDS } from '../../src/options/commands.ts'
import { parseCommandLine } from '../../src/options/parse.ts'
import { RUN_OPTIONS, type RunOptions } from '../../src/options/run-options.ts'
import { SPECIFICATION_EXAMPLES, SPECIFICATION_FLAGS } from '../helpers/specification.ts'

const URL_ = 'http://127.0.0.1:8081/v1/chat/completions'
const ONE = ['--url', URL_, '--model', 'm']

function parseRun(argv: readonly string[], env: Record<string, string> = {}): RunOptions {
  const parsed = parseCommandLine(argv, env)
  if (parsed.command !== 'run') throw new Error(`parsed as ${parsed.command}`)
  return parsed.options
}

function problemOf(argv: readonly string[], env: Record<string, string> = {}): string {
  try {
    parseCommandLine(argv, env)
  } catch (error) {
    if (error instanceof UsageError) return error.message
    throw error
  }
  throw new Error(`no error for ${argv.join(' ')}`)
}

describe('the specification', () => {
  test.each(Object.entries(SPECIFICATION_EXAMPLES))('example %s parses', (_, line) => {
    expect(parseRun(line.split(' ')).model).toBe('glm-4.7-flash')
  })

  test('the sweep example is read as written', () => {
    expect(parseRun((SPECIFICATION_EXAMPLES['sweep'] ?? '').split(' '))).toMatchObject({
      directUrl: 'http://192.168.1.107:8082/v1/chat/completions',
      proxyUrl: 'http://192.168.1.107:8081/v1/chat/completions',
      token: 't',
      agentId: 'laptop-test-user',
      datasetSuite: 'core',
      concurrencyList: [1, 2, 5, 10, 20],
      requests: 500,
    })
  })

  test('every flag has its default', () => {
    expect(parseRun(ONE)).toMatchObject({
      url: URL_,
      directUrl: undefined,
      proxyUrl: undefined,
      model: 'm',
      system: 'You are a helpful assistant.',
      prompt: 'Return a one-word response: OK.',
      temperature: 0,
      maxTokens: 16,
      timeoutSeconds: 60,
      token: undefined,
      agentId: undefined,
      datasetFile: undefined,
      datasetSuite: undefined,
      datasetLabel: 'all',
      categoryContains: [],
      subcategoryContains: [],
      datasetLimit: 0,
      datasetShuffleSeed: 0,
      mode: 'load',
      requests: 100,
      concurrency: 10,
      concurrencyList: undefined,
      progressEvery: 0,
      quiet: false,
      jitterMs: 0,
      workers: 0,
      retries: 0,
      previewChars: 90,
      showPrompt: false,
      outputJson: undefined,
    })
  })

  test('flags have the specification’s names', () => {
    const ours = new Set(Object.values(RUN_OPTIONS).map(({ flag }) => flag))
    expect(Object.keys(SPECIFICATION_FLAGS).filter((flag) => !ours.has(flag))).toEqual([])
  })
})

describe('wrong usage names flag, value and way out', () => {
  test.each([
    [['--model', 'm'], /no endpoint is given; use --url .* --direct-url with --proxy-url/],
    [
      ['--url', URL_, '--direct-url', 'http://d/', '--model', 'm'],
      /--url http:\/\/127.*--direct-url http:\/\/d\/ exclude each other; use --url alone/,
    ],
    [
      ['--url', URL_, '--proxy-url', 'http://p/', '--model', 'm'],
      /--proxy-url http:\/\/p\/ exclude/,
    ],
    [
      ['--direct-url', 'http://d/', '--model', 'm'],
      /--direct-url http:\/\/d\/ needs --proxy-url too/,
    ],
    [
      ['--proxy-url', 'http://p/', '--model', 'm'],
      /--proxy-url http:\/\/p\/ needs --direct-url too/,
    ],
    [['--url', URL_], /--model is missing; give/],
    [[...ONE, '--requests', '0'], /--requests: "0" is not a whole number of at least 1/],
    [[...ONE, '--requests', '1.5'], /--requests: "1\.5"/],
    [[...ONE, '--requests', '-5'], /--requests: "-5"/],
    [[...ONE, '--concurrency', '0'], /--concurrency: "0".*from 1 to 10000/],
    [[...ONE, '--client-workers', '0'], /--client-workers: "0".*from 1 to 64/],
    [[...ONE, '--client-workers', '65'], /--client-workers: "65".*from 1 to 64/],
    [
      [...ONE, '--concurrency-list', '1,,x'],
      /--concurrency-list: "1,,x" has the entry "".*write it as 1,2,5/,
    ],
    [[...ONE, '--concurrency-list', '1,x'], /the entry "x"/],
    [[...ONE, '--concurrency-list', '1,2,1'], /names 1 twice/],
    [[...ONE, '--timeout-seconds', '0'], /--timeout-seconds: "0" is not a number above 0/],
    [[...ONE, '--temperature', 'hot'], /--temperature: "hot"/],
    [[...ONE, '--temperature', 'NaN'], /--temperature: "NaN"/],
    [[...ONE, '--max-tokens', '0'], /--max-tokens: "0"/],
    [
      [...ONE, '--dataset-file', 'a', '--dataset-suite', 'core'],
      /--dataset-file "a" and --dataset-suite core exclude each other/,
    ],
    [[...ONE, '--dataset-suite', 'most'], /--dataset-suite: "most" is none of core, external, all/],
    [[...ONE, '--mode', 'fast'], /--mode: "fast" is none of load, probe/],
    [[...ONE, '--header', 'nonsense'], /--header: .* is not a header; write it as "Name: value"/],
    [
      [...ONE, '--header', 'Content-Length: 5'],
      /sets Content-Length, which the client sets itself/,
    ],
    [[...ONE, '--body', '[1]'], /--body: .*is not a JSON object/],
    [
      ['--url', 'localhost:8081/v1', '--model', 'm'],
      /--url: "localhost:8081\/v1" is not an http or https URL; did you mean http:\/\/localhost:8081\/v1\?/,
    ],
    [['--url', 'ftp://x/', '--model', 'm'], /--url: "ftp:\/\/x\/" is not an http/],
    [['--url', 'https://x/', '--model', 'm', '--client', 'lean'], /--client lean .*https:\/\/x\//],
    [[...ONE, '--requets', '5'], /--requets[\s\S]*--requests/],
    [[...ONE, '--requests'], /--requests <n>.*argument missing/],
    [
      ['launch'],
      /"launch" is not a command; the commands are demo, init, report, compare, simulate, proxy/,
    ],
    [['proxy'], /--upstream is missing; give/],
    [['compare'], /compare needs saved runs .*--pairs FILE/],
    [['compare', '--pairs', 'a', '--unit', 'min'], /--unit: "min" is none of s, ms, us/],
    [['compare', '--pairs', 'a', '--rounds', '1'], /--rounds: "1".*from 2 to 100/],
    [['compare', 'a'], /nothing to compare a with/],
    [['simulate', '--port', '99999'], /--port: "99999".*from 0 to 65535/],
  ])('%j', (argv, message) => {
    expect(problemOf(argv)).toMatch(message)
  })

  test.each([
    [[...ONE, '--token', 's3cret\nx']],
    [[...ONE, '--header', 'X-Key: s3cret\r\nx: y']],
    [['--url', 'http://user:s3cret@host/', '--model', 'm']],
    [['--url', 'ftp://user:s3cret@host/', '--model', 'm']],
  ])('secrets are not repeated: %#', (argv) => {
    expect(problemOf(argv)).not.toContain('s3cret')
  })

  test('nor is one from the environment', () => {
    const message = problemOf(ONE, { LLMTRACE_TOKEN: 's3cret\n' })
    expect(message).toContain('LLMTRACE_TOKEN')
    expect(message).not.toContain('s3cret')
  })
})

describe('the token', () => {
  test('comes from the flag, else from LLMTRACE_TOKEN', () => {
    expect(parseRun(ONE, { LLMTRACE_TOKEN: 'env' }).token).toBe('env')
    expect(parseRun([...ONE, '--token', 'flag'], { LLMTRACE_TOKEN: 'env' }).token).toBe('flag')
  })

  test('is absent when empty, as an unset variable of a job is', () => {
    expect(parseRun([...ONE, '--token', '']).token).toBeUndefined()
    expect(parseRun(ONE, { LLMTRACE_TOKEN: '' }).token).toBeUndefined()
  })
})

test('values may follow an equals sign, and headers may be repeated', () => {
  const options = parseRun([
    ...ONE,
    '--requests=7',
    '--header',
    'A: 1',
    '--header',
    'B=2',
    '--no-keepalive',
  ])
  expect(options).toMatchObject({
    requests: 7,
    header: [
      ['A', '1'],
      ['B', '2'],
    ],
    noKeepalive: true,
    noSelfWarmup: false,
  })
})

test('any valid options survive being printed and parsed', () => {
  const words = fc
    .stringMatching(/^[a-zA-Z0-9 .,:;'"éß中-]{1,30}$/)
    .filter((text) => !text.startsWith('-'))
  const given = fc.record({
    system: words,
    prompt: words,
    temperature: fc.double({ min: 0, max: 2, noNaN: true }),
    maxTokens: fc.integer({ min: 1, max: 1e6 }),
    requests: fc.integer({ min: 1, max: 1e6 }),
    concurrencyList: fc.uniqueArray(fc.integer({ min: 1, max: 500 }), {
      minLength: 1,
      maxLength: 6,
    }),
    jitterMs: fc.double({ min: 0, max: 1e4, noNaN: true }),
    datasetLabel: fc.constantFrom('benign' as const, 'malicious' as const, 'all' as const),
  })
  fc.assert(
    fc.property(given, (values) => {
      const argv = [...ONE]
      for (const [key, value] of Object.entries(values)) {
        const row = RUN_OPTIONS[key as keyof typeof values]
        argv.push(`--${row.flag}=${(row.kind.print as (one: unknown) => string)(value)}`)
      }
      expect(parseRun(argv)).toMatchObject(values)
    }),
  )
})

describe('help', () => {
  test.each(COMMANDS.map(({ name }) => name))('of %j', async (name) => {
    const parsed = parseCommandLine(name === '' ? ['--help'] : [name, '--help'], {})
    const text = parsed.command === 'help' ? parsed.text : ''
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100)
    await expect(text).toMatchFileSnapshot(
      `../fixtures/golden/help${name === '' ? '' : `-${name}`}.txt`,
    )
  })
})

describe('probe mode', () => {
  const probe = [...ONE, '--mode', 'probe']

  test.each([
    ['two outputs of one name', ['--output-csv', 'x', '--output-json', 'x'], /two outputs go to x/],
    [
      'a token without its API',
      ['--findings-token', 's'],
      /--findings-token is for no API; add --f/,
    ],
    [
      'an unknown API',
      ['--findings', 'other=http://a'],
      /"other=http:\/\/a" names no known source/,
    ],
    ['an API without a URL', ['--findings', 'llmtrace=a'], /is not an http or https URL/],
    ['no repeats', ['--repeat', '0'], /--repeat: "0" is not a whole number from 1 to 1000/],
  ])('%s is wrong usage', (_, flags, message) => {
    expect(problemOf([...probe, ...flags])).toMatch(message)
  })

  test.each([
    ['--output-sarif', 'x'],
    ['--output-jsonl', 'x'],
    ['--against', 'x'],
    ['--findings', 'llmtrace=http://a'],
    ['--repeat', '2'],
  ])('%s %s needs it', (flag, value) => {
    const message = `${flag} ${value} belongs to probe mode; add --mode probe, or leave it out`
    expect(problemOf([...ONE, flag, value])).toBe(message)
    expect(problemOf([...ONE, '--mode', 'load', flag, value])).toBe(message)
  })

  test('a log of the upstream needs it too, or streams that are cancelled', () => {
    const flags = ['--upstream-log', 'http://a']
    expect(problemOf([...ONE, ...flags])).toMatch(/add --mode probe, or --stream --cancel-after/)
    expect(parseRun([...probe, ...flags]).upstreamLog).toBe('http://a')
    const cancelled = ['--stream', '--cancel-after', '3chunks']
    expect(parseRun([...ONE, ...flags, ...cancelled]).upstreamLog).toBe('http://a')
  })

  test('one place may take two outputs where it is a device', () => {
    const flags = ['--output-csv', '/dev/null', '--output-json', '/dev/null']
    expect(parseRun([...probe, ...flags]).outputCsv).toBe('/dev/null')
  })
})
