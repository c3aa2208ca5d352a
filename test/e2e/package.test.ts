import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { requires } from '../helpers/requirement.ts'
import { type Finished, listeningUrl, ROOT, startProgram } from '../helpers/run-command.ts'

const folder = mkdtempSync(join(tmpdir(), 'llmtrace-bench-package-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** An empty folder of someone who wants the command. */
const user = join(folder, 'user')
mkdirSync(user)

function run(program: string, args: readonly string[], cwd = user): Promise<Finished> {
  return startProgram(program, args, { cwd }).finished
}

/** Packs what is built, without the build of `prepack`: that would take dist/ away from under other tests. */
async function pack(): Promise<{ readonly tarball: string; readonly files: string[] }> {
  const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder]
  const { code, stdout, stderr } = await run('npm', args, ROOT)
  if (code !== 0) throw new Error(`npm pack failed: ${stderr}`)
  const [packed] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }]
  return { tarball: join(folder, packed.filename), files: packed.files.map(({ path }) => path) }
}

const NO_REGISTRY =
  /E(?:AI_AGAIN|NOTFOUND|CONNREFUSED|CONNRESET|TIMEDOUT|NETUNREACH|HOSTUNREACH|NOTCACHED)|ERR_SOCKET_TIMEOUT|E50\d/

/** Why the package cannot be installed here, or an empty text. Anything but the registry is a failure. */
async function install(tarball: string): Promise<string> {
  const quiet = ['--no-audit', '--no-fund', '--prefer-offline']
  const patience = ['--fetch-retries=1', '--fetch-retry-mintimeout=500', '--fetch-timeout=20000']
  const { code, stderr } = await run('npm', ['install', ...quiet, ...patience, tarball])
  if (code === 0) return ''
  if (code === null) return 'no end within a minute'
  const [reason] = NO_REGISTRY.exec(stderr) ?? []
  if (reason === undefined) throw new Error(`npm install failed: ${stderr}`)
  return reason
}

const { tarball, files } = await pack()
const obstacle = await install(tarball)
const installed = requires('the package registry', obstacle === '', `npm install: ${obstacle}`)

const version = (
  JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }
).version

describe('the tarball', () => {
  test('holds the command, the library with its types, the schema, and neither sources nor tests', () => {
    expect(files).toEqual(
      expect.arrayContaining([
        'LICENSE',
        'README.md',
        'package.json',
        'docs/config.schema.json',
        'docs/replay.schema.json',
        'docs/result.schema.json',
        'dist/cli/main.js',
        'dist/index.js',
        'dist/index.d.ts',
      ]),
    )
    const strays = files.filter((file) => /^(?:src|test|bench|scripts)\//.test(file))
    expect(strays).toEqual([])
  })

  test('holds the corpus and the suites, and nothing that was imported or that they are made of', () => {
    const corpus = files.filter((file) => file.startsWith('benchmarks/'))
    expect(corpus).toEqual(
      expect.arrayContaining([
        'benchmarks/datasets/role_injection.json',
        'benchmarks/suites/mini.json',
      ]),
    )
    const strays = corpus.filter(
      (file) => !/^benchmarks\/(?:datasets|suites)\/[^/]+\.json$/.test(file),
    )
    expect(strays).toEqual([])
  })
})

describe('the installed package', () => {
  test.runIf(installed)('brings nothing but its own dependencies', () => {
    const names = readdirSync(join(user, 'node_modules')).filter((name) => !name.startsWith('.'))
    const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>
    }
    for (const name of Object.keys(dependencies)) {
      expect(names).toContain(name.split('/')[0])
    }
    // Tools of ours that a user has no use for.
    for (const name of ['vitest', 'typescript', 'oxlint', 'playwright-core', '@portkey-ai']) {
      expect(names).not.toContain(name)
    }
  })

  test.runIf(installed)('finds its corpus from anywhere', async () => {
    const { code, stdout } = await run('npx', ['llmtrace-bench', 'datasets', 'stats'])
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/^900 rows: 420 malicious, 480 benign/),
    ])
  })

  test.runIf(installed)('tells its version and its help', async () => {
    expect(await run('npx', ['llmtrace-bench', '--version'])).toEqual({
      code: 0,
      stdout: `${version}\n`,
      stderr: '',
    })
    const help = await run('npx', ['llmtrace-bench', '--help'])
    expect(help.code).toBe(0)
    expect(help.stdout).toContain('--direct-url <url>')
  })

  test.runIf(installed)('serves and measures', async () => {
    const command = join(user, 'node_modules/.bin/llmtrace-bench')
    const simulator = startProgram(command, ['simulate', '--port', '0', '--ttft', '1ms'], {
      cwd: user,
    })
    const url = await listeningUrl(simulator)
    const args = `--url ${url}/v1/chat/completions --model m --requests 20 --no-self-warmup --output-json result.json`
    const { code, stdout } = await run('npx', ['llmtrace-bench', ...args.split(' ')])
    simulator.child.kill('SIGTERM')
    expect((await simulator.finished).code).toBe(0)
    expect(code).toBe(0)
    expect(stdout).toMatch(/^\| target \| 10 \| 20 \| 20 \| 0 \|/m)
    expect(JSON.parse(readFileSync(join(user, 'result.json'), 'utf8'))).toMatchObject({
      tool: { version },
    })
  })

  test.runIf(installed)('is a library for ES modules', async () => {
    const script = `
      import { summarize, statsTable } from 'llmtrace-bench'
      const column = (...values) => Float64Array.from(values)
      const summary = summarize({
        endpoint: 'target',
        url: 'http://127.0.0.1/',
        level: { concurrency: 1 },
        rounds: 1,
        clientLoads: [],
        facts: [],
        heldBack: 0,
        planned: 2,
        errorExamples: [],
        partial: false,
        samples: {
          length: 2,
          sequence: Uint32Array.of(0, 1),
          round: Uint16Array.of(0, 0),
          intendedAt: column(NaN, NaN),
          outcome: Uint8Array.of(0, 0),
          status: Uint16Array.of(200, 200),
          sentAt: column(0, 10),
          endedAt: column(10, 40),
          reused: Uint8Array.of(1, 1),
        },
      })
      console.log(statsTable('Mine', [summary]))
    `
    writeFileSync(join(user, 'mine.mjs'), script)
    const { code, stdout, stderr } = await run('node', ['mine.mjs'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain('| target | 1 | 2 | 2 | 0 | 50.000 | 20.0ms | 20.0ms |')
  })
})

describe('npm link in a checkout', () => {
  test('puts the command on the PATH', async () => {
    const prefix = join(folder, 'prefix')
    const env = { npm_config_prefix: prefix }
    const linked = await startProgram('npm', ['link', '--ignore-scripts', '--offline'], { env })
      .finished
    expect(linked).toMatchObject({ code: 0 })
    const path = `${join(prefix, 'bin')}${delimiter}${process.env['PATH']}`
    const args = ['-c', 'llmtrace-bench --version']
    const { stdout } = await startProgram('sh', args, { cwd: user, env: { PATH: path } }).finished
    expect(stdout).toBe(`${version}\n`)
  })
})
