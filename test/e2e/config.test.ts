import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import type { ResultFile } from '../../src/results/result-schema.ts'
import { type ChatServer, completion, startChatServer } from '../helpers/chat-server.ts'
import { runCommand } from '../helpers/run-command.ts'

/** The config file, init and --dry-run, with the built command. */

const SECRET = 'tok-very-secret-0815'
const root = mkdtempSync(join(tmpdir(), 'llmtrace-bench-'))
let folder = ''
let server: ChatServer
let connections = 0
let requests = 0
let authorization: string | undefined

beforeAll(async () => {
  server = await startChatServer((request, response) => {
    requests += 1
    authorization = request.headers.authorization
    response.writeHead(200).end(completion())
  })
  server.server.on('connection', () => {
    connections += 1
  })
})

beforeEach(() => {
  folder = mkdtempSync(join(root, 'run-'))
  connections = 0
  requests = 0
})

afterAll(async () => {
  await server.close()
  rmSync(root, { recursive: true })
})

const run = (args: readonly string[], env: Record<string, string> = {}) =>
  runCommand(args, { cwd: folder, env })

const write = (text: string, name = 'llmtrace-bench.yaml') =>
  writeFileSync(join(folder, name), text)

const FILE = (url: string) => `
url: ${url}
model: from-file
requests: 30
concurrency: 3
no-self-warmup: true
token: \${BENCH_TOKEN}
output-json: result.json
`

describe('the config file', () => {
  test('of the working directory gives the options, and flags win', async () => {
    write(FILE(server.url))
    const { code, stdout, stderr } = await run(['--requests', '12'], { BENCH_TOKEN: SECRET })
    expect(code).toBe(0)
    expect(stderr).toContain('Options from llmtrace-bench.yaml: url, model, concurrency')
    const text = readFileSync(join(folder, 'result.json'), 'utf8')
    const result = JSON.parse(text) as ResultFile
    expect(result.spec.model).toBe('from-file')
    expect(result.runs[0]).toMatchObject({ requests: 12, concurrency: 3 })
    expect(authorization).toBe(`Bearer ${SECRET}`)
    expect(stdout + stderr + text).not.toContain(SECRET)
  })

  test('may have another name, or be left alone', async () => {
    write('model: [', 'llmtrace-bench.yaml')
    write(FILE(server.url), 'other.yaml')
    const named = await run(['--config', 'other.yaml', '--dry-run'], { BENCH_TOKEN: 't' })
    expect(named.stdout).toContain('Model: from-file')
    const none = await run(['--config', 'none', '--dry-run'])
    expect(none.stderr).toContain('no endpoint is given')
    const broken = await run(['--dry-run'])
    expect(broken.code).toBe(2)
    expect(broken.stderr).toMatch(/llmtrace-bench.yaml, line \d+, column \d+: no YAML/)
    const missing = await run(['--config', 'missing.yaml'])
    expect(missing.stderr).toContain('--config missing.yaml cannot be read (ENOENT)')
  })

  test('that is broken is told without what it holds', async () => {
    write(`token: "${SECRET}\nmodel: m: n`)
    const { code, stdout, stderr } = await run(['--dry-run'])
    expect(code).toBe(2)
    expect(stdout + stderr).not.toContain(SECRET)
  })

  test('is not looked for by other commands', async () => {
    write('model: [')
    expect((await run(['datasets', 'list'])).code).toBe(0)
  })
})

describe('init', () => {
  test('writes a file that changes nothing, and not over another one', async () => {
    expect(await run(['init'])).toMatchObject({ code: 0, stdout: 'Written: llmtrace-bench.yaml\n' })
    const text = readFileSync(join(folder, 'llmtrace-bench.yaml'), 'utf8')
    expect(parse(text)).toBeNull()
    const [, schema = ''] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text) ?? []
    const found = JSON.parse(readFileSync(new URL(schema), 'utf8')) as { title: string }
    expect(found.title).toBe('llmtrace-bench config file')
    const again = await run(['init'])
    expect(again).toMatchObject({ code: 2, stdout: '' })
    expect(again.stderr).toContain('give --force')
    expect((await run(['init', '--force'])).code).toBe(0)
    const args = ['--url', server.url, '--model', 'm', '--dry-run']
    expect((await run(args)).stderr).toBe('Options from llmtrace-bench.yaml: none\n')
  })
})

describe('a dry run', () => {
  const pair = () => ['--direct-url', server.url, '--proxy-url', `${server.url}?key=${SECRET}`]
  const flags = () => [...pair(), '--model', 'm', '--concurrency-list', '1,3', '--requests', '40']
  const planned = (stdout: string) => Number(/^Requests: (\d+) in all/m.exec(stdout)?.[1])

  test('sends nothing, writes nothing, and tells what the run then sends', async () => {
    const args = [...flags(), '--noise-floor', '--no-self-warmup']
    const files = ['--output-json', 'r.json', '--run-file', 'r.run']
    const { code, stdout } = await run([...args, ...files, '--dry-run'])
    expect(code).toBe(0)
    expect(connections).toBe(0)
    expect(readdirSync(folder)).toEqual([])
    expect(stdout).not.toContain(SECRET)
    expect(stdout).toContain('| 1 | 10 | 40 | 1 | 3 | 123 |')
    expect(stdout).toContain('| 3 | 6 | 40 | 3 | 3 | 129 |')
    expect(stdout).toContain('Time: not known')
    expect((await run(args)).code).toBe(0)
    expect(requests).toBe(planned(stdout))
  })

  test('tells tokens by the bodies, and the time of an open loop or by an assumed latency', async () => {
    const one = ['--url', server.url, '--model', 'm', '--dry-run', '--no-self-warmup']
    const texts = ['--system', 'x'.repeat(20), '--prompt', 'y'.repeat(20), '--max-tokens', '7']
    const open = await run([...one, ...texts, '--requests', '40', '--rate', '4'])
    // 40 and a wave of four, at ten tokens each.
    expect(open.stdout).toContain('Tokens: about 440 of prompts')
    expect(open.stdout).toContain('at most 308 of answers')
    expect(open.stdout).toContain('Time: about 10 s')
    const closed = ['--requests', '40', '--concurrency', '4', '--assume-latency', '500ms']
    expect((await run([...one, ...closed])).stdout).toContain('Time: about 5.5 s')
  })

  test('of a probe counts cases', async () => {
    const args = ['--url', server.url, '--model', 'm', '--mode', 'probe', '--dataset-suite', 'mini']
    const { stdout } = await run([...args, '--workers', '8', '--retries', '2', '--dry-run'])
    expect(planned(stdout)).toBeGreaterThan(10)
    expect(stdout).toContain('up to 2 more for each that fails')
    expect(connections).toBe(0)
  })
})
