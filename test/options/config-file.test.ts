import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { UsageError } from '../../src/model/usage-error.ts'
import { type ConfigSource, readConfigFile } from '../../src/options/config-file.ts'
import { configJsonSchema } from '../../src/options/config-schema.ts'
import { renderConfigTemplate } from '../../src/options/config-template.ts'
import { nearestName } from '../../src/options/nearest-name.ts'
import { parseCommandLine } from '../../src/options/parse.ts'
import { readOptions } from '../../src/options/read-options.ts'
import { RUN_OPTIONS, type RunOptions } from '../../src/options/run-options.ts'

const SECRET = 'tok-very-secret-0815'
const ONE = ['--url', 'http://a/', '--model', 'm']

function source(yaml: string, given: Partial<ConfigSource> = {}): ConfigSource {
  return { name: 'bench.yaml', named: false, content: parse(yaml) as unknown, ...given }
}

function runWith(yaml: string, argv: readonly string[] = ONE, env: Record<string, string> = {}) {
  const parsed = parseCommandLine(argv, env, source(yaml))
  if (parsed.command !== 'run') throw new Error(`parsed as ${parsed.command}`)
  return parsed
}

function problemOf(yaml: string, env: Record<string, string> = {}): string {
  try {
    runWith(yaml, ONE, env)
  } catch (error) {
    if (error instanceof UsageError) return error.message
    throw error
  }
  throw new Error('no error')
}

const DEFAULTS = readOptions(RUN_OPTIONS, {}, {})

/** Lines of the template that set an option, with the # before them. */
const TEMPLATE = renderConfigTemplate('./config.schema.json')
const OPTION_LINES = TEMPLATE.split('\n').filter((line) => /^#[a-z]/.test(line))

function uncommented(lines: readonly string[]): string {
  return TEMPLATE.split('\n')
    .map((line) => (lines.includes(line) ? line.slice(1) : line))
    .join('\n')
}

/** What a file comes to, whatever rules there are between options. */
function readFile(yaml: string, given: Partial<ConfigSource> = {}): RunOptions {
  const file = readConfigFile(RUN_OPTIONS, source(yaml, given), { raw: {}, env: {} })
  return readOptions(RUN_OPTIONS, {}, {}, file)
}

const isValid = new Ajv2020({ strict: false, allErrors: true }).compile(configJsonSchema())

describe('the file that init writes', () => {
  test('has every option that a file may give', () => {
    const rows = Object.values(RUN_OPTIONS) as { flag: string; inFile?: string }[]
    const flags = rows.filter(({ inFile }) => inFile !== 'never').map(({ flag }) => flag)
    const written = OPTION_LINES.map((line) => line.slice(1, line.indexOf(':')))
    expect(written.toSorted()).toEqual(flags.toSorted())
    expect(TEMPLATE.split('\n')[0]).toBe('# yaml-language-server: $schema=./config.schema.json')
  })

  test('is the defaults, as it is and with any of its options uncommented', () => {
    expect(readFile(TEMPLATE)).toEqual(DEFAULTS)
    expect(readFile(uncommented(OPTION_LINES), { named: true })).toEqual(DEFAULTS)
    fc.assert(
      fc.property(fc.subarray(OPTION_LINES), (lines) => {
        const yaml = uncommented(lines)
        expect(readFile(yaml, { named: true })).toEqual(DEFAULTS)
        expect(isValid(parse(yaml) ?? {})).toBe(true)
      }),
      { numRuns: 50 },
    )
  })
})

describe('options from a file', () => {
  test('are read as flags are, in the forms that YAML has for them', () => {
    const { options } = runWith(
      `
      requests: 500
      temperature: 0.5
      concurrency-list: [1, 2, 5]
      category-contains: injection, jailbreak
      insecure: true
      no-keepalive: true
      body: { top_p: 0.9 }
      endpoint:
        b: http://127.0.0.1:8082/
      wait-on: http://127.0.0.1:8082/health
      max-overhead: { p95: 5ms, mean: 2% }
      blocked-when: [status==403]
      max-error-rate: 1%
      `,
    )
    expect(options).toMatchObject({
      requests: 500,
      temperature: 0.5,
      concurrencyList: [1, 2, 5],
      categoryContains: ['injection', 'jailbreak'],
      insecure: true,
      noKeepalive: true,
      body: { top_p: 0.9 },
      endpoint: [{ name: 'b', value: 'http://127.0.0.1:8082/' }],
      waitOn: ['http://127.0.0.1:8082/health'],
      blockedWhen: ['status==403'],
      maxErrorRate: 0.01,
    })
    expect(options.maxOverhead).toHaveLength(2)
  })

  test('give way to flags, flags to nothing, and say which they are', () => {
    const yaml = 'requests: 500\nmodel: from-file\nseed: 7'
    const { options, config } = runWith(yaml, [...ONE, '--requests', '20'])
    expect(options).toMatchObject({ requests: 20, model: 'm', seed: 7 })
    expect(config).toEqual({ name: 'bench.yaml', flags: ['seed'] })
  })

  test('give way to the environment, and an empty variable is none', () => {
    const yaml = 'token: ${BENCH_TOKEN}'
    const env = { BENCH_TOKEN: SECRET, LLMTRACE_TOKEN: 'from-env' }
    expect(runWith(yaml, ONE, env).options.token).toBe('from-env')
    expect(runWith(yaml, ONE, { ...env, LLMTRACE_TOKEN: '' }).options.token).toBe(SECRET)
  })

  test('a flag displaces what it excludes', () => {
    const pair = 'direct-url: http://d/\nproxy-url: http://p/'
    expect(runWith(pair).options).toMatchObject({ url: 'http://a/', directUrl: undefined })
    const load = 'concurrency-list: 1,2\ndataset-suite: core'
    const argv = [...ONE, '--rate', '5', '--dataset-file', 'a.json']
    expect(runWith(load, argv).options).toMatchObject({
      rate: 5,
      concurrencyList: undefined,
      datasetFile: 'a.json',
      datasetSuite: undefined,
    })
    expect(runWith(load, [...ONE, '--concurrency', '4']).options.concurrencyList).toBeUndefined()
  })

  test('a repeated flag replaces the list of the file', () => {
    const yaml = 'blocked-when: [status==403, status==446]'
    const argv = [...ONE, '--blocked-when', 'status==400']
    expect(runWith(yaml, argv).options.blockedWhen).toEqual(['status==400'])
  })

  test('an empty file, or one of comments, is none', () => {
    expect(runWith('').options).toEqual(runWith('# nothing').options)
  })
})

describe('what is wrong with a file names it, the key and the way out', () => {
  test.each([
    ['request: 500', 'bench.yaml: "request" is no option; write requests'],
    ['dataset_suite: core', 'write dataset-suite'],
    ['colour: red', 'keys are the flags of --help'],
    ['requests: many', 'bench.yaml: requests: "many" is not a whole number'],
    ['insecure: 1', 'bench.yaml: insecure is a switch; write true or false'],
    ['- requests', 'bench.yaml holds no options'],
    ['config: other.yaml', 'config is of the command line only'],
    ['dry-run: true', 'dry-run is of the command line only'],
    ['start: ["proxy: rm -rf /"]', 'add --config bench.yaml'],
    ['system: ${MODEL}', 'bench.yaml: system holds ${...}, which stands for secrets only'],
    ['body: { a: "${KEY}" }', 'body holds ${...}'],
    ['token: ${NOT_SET}', 'bench.yaml: token is ${NOT_SET}, which is not set'],
  ])('%s', (yaml, message) => {
    expect(problemOf(yaml)).toContain(message)
  })

  test('a program may be started by a file that was named', () => {
    const yaml = 'start: ["proxy: serve --port ${PORT}"]'
    expect(readFile(yaml, { named: true }).start).toEqual([
      { name: 'proxy', command: 'serve --port ${PORT}' },
    ])
  })
})

describe('secrets', () => {
  test.each([
    [`token: ${SECRET}`],
    [`token: "x${SECRET}\${TOKEN}"`],
    [`token: [${SECRET}]`],
    [`endpoint-token: { target: ${SECRET} }`],
    [`endpoint-token: target=${SECRET}`],
    [`header: "Authorization: Bearer ${SECRET}"`],
    [`header: [{ X-Key: ${SECRET} }]`],
    [`header: "X-Key: ${SECRET} \${TOKEN}"`],
  ])('may not stand in a file, and are not repeated: %s', (yaml) => {
    const message = problemOf(yaml, { TOKEN: 't' })
    expect(message).toContain('may not hold the value itself (not shown)')
    expect(message).not.toContain(SECRET)
  })

  test('are taken from the variables that the file names', () => {
    const { options } = runWith(
      `
      token: \${TOKEN}
      endpoint-token: { target: "\${TOKEN}" }
      header:
        - X-Key: \${TOKEN}
        - "Authorization: Bearer \${TOKEN}"
        - target:X-Own=\${TOKEN}
      `,
      ONE,
      { TOKEN: SECRET },
    )
    expect(options.token).toBe(SECRET)
    expect(options.endpointToken).toEqual([{ name: 'target', value: SECRET }])
    expect(options.header).toEqual([
      ['X-Key', SECRET],
      ['Authorization', `Bearer ${SECRET}`],
      ['target', `X-Own=${SECRET}`],
    ])
  })

  test('a value that no header may carry is not repeated either', () => {
    const message = problemOf('token: ${TOKEN}', { TOKEN: `${SECRET}\n` })
    expect(message).toContain('bench.yaml: token: the value (not shown)')
    expect(message).not.toContain(SECRET)
  })
})

describe('the schema', () => {
  test.each([
    ['requests: 0'],
    ['request: 5'],
    ['order: random'],
    ['insecure: yes please'],
    ['token: plain'],
    ['dry-run: true'],
  ])('refuses %s', (yaml) => {
    expect(isValid(parse(yaml))).toBe(false)
  })

  test.each([
    ['token: ${TOKEN}'],
    ['header: ["X-Key: ${KEY}"]'],
    ['concurrency-list: [1, 2]'],
    ['concurrency-list: 1,2'],
    ['body: { top_p: 1 }'],
    ['max-overhead: { p95: 5ms }'],
  ])('takes %s', (yaml) => {
    expect(isValid(parse(yaml))).toBe(true)
  })
})

test('the nearest name is near, or none', () => {
  expect(nearestName('mdoel', ['model', 'mode'])).toBe('model')
  expect(nearestName('requets', ['requests', 'request'])).toBeDefined()
  expect(nearestName('xyzzy', ['model', 'mode'])).toBeUndefined()
  expect(nearestName('x'.repeat(5000), ['model'])).toBeUndefined()
})
