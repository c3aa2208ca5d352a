import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type RunningProxy, startProxy } from '../../src/servers/proxy/start-proxy.ts'
import {
  type RunningSimulator,
  startSimulator,
} from '../../src/servers/simulator/start-simulator.ts'
import { runCommand, startCommand } from '../helpers/run-command.ts'

const folder = mkdtempSync(join(tmpdir(), 'llmtrace-bench-'))
let simulator: RunningSimulator
let proxy: RunningProxy
const extra: RunningSimulator[] = []

beforeAll(async () => {
  simulator = await startSimulator({ ttft: { kind: 'fixed', ms: 3 } })
  proxy = await startProxy({ upstream: simulator.url, injectDelay: { kind: 'fixed', ms: 20 } })
})
afterEach(async () => {
  for (const server of extra.splice(0)) await server.close(0)
})
afterAll(async () => {
  await proxy.close(0)
  await simulator.close(0)
  rmSync(folder, { recursive: true })
})

const chat = (url: string) => `${url}/v1/chat/completions`
const QUICK = ['--model', 'm', '--no-self-warmup']

interface ResultRun {
  readonly endpoint: string
  readonly requests: number
  readonly ok: number
  readonly latencies_ms_ok: number[]
  readonly statuses: Record<string, number>
  readonly outcomes: Record<string, number>
}

function readResult(path: string) {
  return JSON.parse(readFileSync(path, 'utf8')) as {
    run: { partial: boolean }
    runs: ResultRun[]
    overhead: { delta: { p50: number } }[]
    dataset: { selected: number } | null
  }
}

async function logOf(url: string) {
  const log = await (await fetch(`${url}/simulator/log?limit=100000`)).json()
  return (log as { entries: { caseId?: string; lastUserText: string }[] }).entries
}

describe('compare', () => {
  test('prints the specified tables in order, and finds the injected delay', async () => {
    const output = join(folder, 'compare.json')
    const { code, stdout } = await runCommand([
      '--direct-url',
      chat(simulator.url),
      '--proxy-url',
      chat(proxy.url),
      ...QUICK,
      '--concurrency-list',
      '1,3',
      '--requests',
      '30',
      '--output-json',
      output,
    ])
    expect(code).toBe(0)
    const titles = stdout.split('\n').filter((line) => line.startsWith('## '))
    expect(titles).toEqual([
      '## Results (concurrency=1)',
      '## Estimated Overhead (proxy - direct)',
      '## Results (concurrency=3)',
      '## Estimated Overhead (proxy - direct)',
      '## Sweep Results',
      '## Paired Differences (same prompt; quantiles of differences)',
      '## Self-Reported Overhead (means)',
    ])
    expect(stdout).toContain('| metric | direct | proxy | delta | 95% CI | ratio | detectable |')
    const result = readResult(output)
    expect(result.runs.map(({ endpoint, requests, ok }) => [endpoint, requests, ok])).toEqual([
      ['direct', 30, 30],
      ['proxy', 30, 30],
      ['direct', 30, 30],
      ['proxy', 30, 30],
    ])
    // The proxy never answers sooner than its delay, so the difference of minima is bounded from below.
    const throughProxy = result.runs.filter(({ endpoint }) => endpoint === 'proxy')
    for (const { latencies_ms_ok } of throughProxy) {
      expect(Math.min(...latencies_ms_ok)).toBeGreaterThanOrEqual(23)
    }
    expect(result.overhead.every(({ delta }) => delta.p50 > 15)).toBe(true)
  })
})

describe('one endpoint', () => {
  test('prints one Results table with a row a level', async () => {
    const { code, stdout } = await runCommand([
      '--url',
      chat(simulator.url),
      ...QUICK,
      '--concurrency-list',
      '1,2',
      '--requests',
      '10',
    ])
    expect(code).toBe(0)
    expect(stdout.match(/^## .*/gm)).toEqual(['## Results'])
    expect(stdout.match(/^\| target \| [12] \| 10 \| 10 \| 0 \|/gm)).toHaveLength(2)
    expect(stdout).toContain('Token present: False')
  })

  test('undici gives the same counts', async () => {
    const { code, stdout } = await runCommand([
      '--url',
      chat(simulator.url),
      ...QUICK,
      '--client',
      'undici',
      '--requests',
      '20',
    ])
    expect(code).toBe(0)
    expect(stdout).toMatch(/\| target \| 10 \| 20 \| 20 \| 0 \|/)
  })

  test('cycles the selected prompts, after a wave of warm-up', async () => {
    const fresh = await startSimulator()
    extra.push(fresh)
    const file = join(folder, 'prompts.jsonl')
    const rows = ['a', 'b', 'c'].map((id) => ({
      id,
      text: `text ${id}`,
      label: id === 'b' ? 'malicious' : 'benign',
    }))
    writeFileSync(file, rows.map((row) => JSON.stringify(row)).join('\n'))
    const output = join(folder, 'prompts.json')
    const { code, stdout } = await runCommand([
      '--url',
      chat(fresh.url),
      ...QUICK,
      '--dataset-file',
      file,
      '--dataset-label',
      'benign',
      '--requests',
      '5',
      '--concurrency',
      '1',
      '--output-json',
      output,
    ])
    expect(code).toBe(0)
    expect(stdout).toContain(`Prompts: 2 of 3 from ${file}`)
    expect((await logOf(fresh.url)).map(({ caseId }) => caseId)).toEqual([
      'a',
      'a',
      'c',
      'a',
      'c',
      'a',
    ])
    expect(readResult(output).dataset?.selected).toBe(2)
  })

  test('progress goes line by line to a log', async () => {
    const { stderr } = await runCommand([
      '--url',
      chat(simulator.url),
      ...QUICK,
      '--requests',
      '25',
      '--progress-every',
      '10',
    ])
    expect(stderr.match(/target at concurrency 10: \d+\/25/g)).toEqual([
      'target at concurrency 10: 10/25',
      'target at concurrency 10: 20/25',
      'target at concurrency 10: 25/25',
    ])
  })

  test('the client warms itself up without touching the endpoint', async () => {
    const fresh = await startSimulator()
    extra.push(fresh)
    const { code, stdout } = await runCommand([
      '--url',
      chat(fresh.url),
      '--model',
      'm',
      '--requests',
      '4',
      '--concurrency',
      '2',
      '--jitter-ms',
      '5',
    ])
    expect(code).toBe(0)
    expect(stdout).not.toContain('not warmed up')
    expect(await logOf(fresh.url)).toHaveLength(4 + 2)
  })
})

describe('failures are data', () => {
  test('each kind is counted apart, and the run goes on', async () => {
    const faulty = await startSimulator({
      faultSchedule: [
        { kind: 'reset', by: 'request', from: 1, to: 2 },
        { kind: 'half', by: 'request', from: 3, to: 5 },
        { kind: '429', by: 'request', from: 6, to: 9 },
        { kind: '500', by: 'request', from: 10, to: 14 },
        { kind: 'badjson', by: 'request', from: 15, to: 20 },
        { kind: 'hang', by: 'request', from: 21, to: 21 },
      ],
    })
    extra.push(faulty)
    const output = join(folder, 'failures.json')
    const { code, stdout } = await runCommand([
      '--url',
      chat(faulty.url),
      ...QUICK,
      '--warmup-requests',
      '0',
      '--requests',
      '30',
      '--concurrency',
      '1',
      '--timeout-seconds',
      '0.3',
      '--output-json',
      output,
    ])
    expect(code).toBe(0)
    const [run] = readResult(output).runs
    expect(run?.outcomes).toEqual({
      reset: 2,
      truncated: 3,
      throttled: 4,
      'http-error': 5,
      'timed-out': 1,
      ok: 15,
    })
    expect(run?.statuses).toEqual({ '200': 18, '429': 4, '500': 5 })
    expect(run?.latencies_ms_ok).toHaveLength(15)
    expect(stdout).toContain('Warning: target at concurrency 1: 15 of 30 requests failed')
  })

  test('no success at all is exit code 3, with tables that say n/a', async () => {
    const dead = await startSimulator({ faultRates: { '500': 1 } })
    extra.push(dead)
    const { code, stdout } = await runCommand([
      '--url',
      chat(dead.url),
      ...QUICK,
      '--requests',
      '5',
    ])
    expect(code).toBe(3)
    expect(stdout).toMatch(
      /\| target \| 10 \| 5 \| 0 \| 5 \| 0\.000 \| n\/a \| n\/a \| n\/a \| n\/a \| n\/a \|/,
    )
  })

  test('a server that goes away during the run leaves refused requests, not a crash', async () => {
    const leaving = await startSimulator({ ttft: { kind: 'fixed', ms: 5 } })
    const output = join(folder, 'leaving.json')
    const started = startCommand([
      '--url',
      chat(leaving.url),
      ...QUICK,
      '--requests',
      '400',
      '--concurrency',
      '2',
      '--progress-every',
      '20',
      '--output-json',
      output,
    ])
    await expect.poll(() => started.output(), { timeout: 10_000 }).toContain('20/400')
    await leaving.close(0)
    expect((await started.finished).code).toBe(0)
    const [run] = readResult(output).runs
    expect(run?.requests).toBe(400)
    expect(run?.outcomes['refused']).toBeGreaterThan(100)
  })
})

describe('wrong usage', () => {
  test('an unreachable URL is told before the run', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve)
    })
    const { port } = server.address() as AddressInfo
    await new Promise((resolve) => {
      server.close(resolve)
    })
    const { code, stdout, stderr } = await runCommand([
      '--url',
      `http://127.0.0.1:${port}/`,
      ...QUICK,
    ])
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toMatch(
      new RegExp(
        `--url http://127\\.0\\.0\\.1:${port}/ cannot be reached \\(ECONNREFUSED\\); check`,
      ),
    )
  })

  test('an output path that cannot be written is told before the run', async () => {
    const fresh = await startSimulator()
    extra.push(fresh)
    const path = join(folder, 'missing', 'x.json')
    const { code, stderr } = await runCommand([
      '--url',
      chat(fresh.url),
      ...QUICK,
      '--output-json',
      path,
    ])
    expect(code).toBe(2)
    expect(stderr).toContain(`--output-json ${path}`)
    expect(await logOf(fresh.url)).toEqual([])
  })

  test('a message has no stack', async () => {
    const { code, stderr } = await runCommand([
      '--requests',
      '0',
      '--url',
      'http://127.0.0.1:1/',
      '--model',
      'm',
    ])
    expect(code).toBe(2)
    expect(stderr).toBe('llmtrace-bench: --requests: "0" is not a whole number of at least 1\n')
  })
})

describe('Ctrl-C', () => {
  const slow = async () => {
    const server = await startSimulator({ ttft: { kind: 'fixed', ms: 30 } })
    extra.push(server)
    return server
  }

  test('once: prints and saves what there is, marked partial, exit code 130', async () => {
    const output = join(folder, 'partial.json')
    const args = [
      '--url',
      chat((await slow()).url),
      ...QUICK,
      '--requests',
      '100000',
      '--progress-every',
      '10',
      '--output-json',
      output,
    ]
    const started = startCommand(args)
    await expect.poll(() => started.output(), { timeout: 10_000 }).toContain('10/100000')
    started.child.kill('SIGINT')
    const { code, stdout } = await started.finished
    expect(code).toBe(130)
    expect(stdout).toContain('## Results')
    expect(stdout).toContain('(partial)')
    const result = readResult(output)
    expect(result.run.partial).toBe(true)
    expect(result.runs[0]?.requests).toBeGreaterThanOrEqual(10)
  })

  test('twice: quits', async () => {
    const started = startCommand([
      '--url',
      chat((await slow()).url),
      '--model',
      'm',
      '--requests',
      '100000',
    ])
    await expect.poll(() => started.output(), { timeout: 10_000 }).toContain('Requests:')
    started.child.kill('SIGINT')
    started.child.kill('SIGINT')
    await expect.poll(() => started.output(), { timeout: 10_000 }).toContain('Stopping')
    started.child.kill('SIGINT')
    // Ended by our own exit, or by the signal when the run was over already: 130 to a shell either way.
    expect([130, null]).toContain((await started.finished).code)
  })
})

describe('the token', () => {
  test('reaches the server, and appears in no output, no file and no process listing', async () => {
    const token = 'tok-s3cret-4711'
    let authorization: string | undefined
    // An error body that repeats the token, as careless gateways do.
    const { createServer: createHttpServer } = await import('node:http')
    const server = createHttpServer((request, response) => {
      authorization = request.headers.authorization
      setTimeout(() => {
        response
          .writeHead(401)
          .end(`bad token ${authorization} ${Buffer.from(token).toString('base64')}`)
      }, 20)
    })
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve)
    })
    const { port } = server.address() as AddressInfo
    const output = join(folder, 'token.json')
    const common = [
      '--url',
      `http://127.0.0.1:${port}/?api_key=${token}`,
      ...QUICK,
      '--requests',
      '60',
      '--progress-every',
      '5',
    ]
    const started = startCommand([...common, '--token', token, '--output-json', output])
    await expect.poll(() => started.output(), { timeout: 10_000 }).toContain('5/60')
    const listing = existsSync('/proc/self/cmdline')
      ? readFileSync(`/proc/${started.child.pid}/cmdline`, 'latin1')
      : 'llmtrace-bench'
    expect(listing).toContain('llmtrace-bench')
    expect(listing).not.toContain(token)
    const first = await started.finished
    const second = await runCommand(common, { env: { LLMTRACE_TOKEN: token } })
    server.closeAllConnections()
    server.close()
    expect(authorization).toBe(`Bearer ${token}`)
    expect(first.stdout).toContain('Token present: True')
    expect(second.stdout).toContain('Token present: True')
    const everything = [
      first.stdout,
      first.stderr,
      second.stdout,
      second.stderr,
      readFileSync(output, 'utf8'),
    ].join('\n')
    expect(everything).not.toContain(token)
    expect(everything).not.toContain(Buffer.from(token).toString('base64'))
    expect(everything).toContain('[redacted]')
  })
})
