import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningProxy, startProxy } from '../../src/servers/proxy/start-proxy.ts'
import {
  type RunningSimulator,
  startSimulator,
} from '../../src/servers/simulator/start-simulator.ts'
import { completion, startChatServer } from '../helpers/chat-server.ts'
import { runCommand, startCommand } from '../helpers/run-command.ts'

const folder = mkdtempSync(join(tmpdir(), 'llmtrace-bench-'))
let simulator: RunningSimulator
let proxy: RunningProxy

beforeAll(async () => {
  simulator = await startSimulator({ ttft: { kind: 'fixed', ms: 3 } })
  proxy = await startProxy({ upstream: simulator.url, injectDelay: { kind: 'fixed', ms: 20 } })
})
afterAll(async () => {
  await proxy.close(0)
  await simulator.close(0)
  rmSync(folder, { recursive: true })
})

const chat = (url: string) => `${url}/v1/chat/completions`
const pair = () => ['--direct-url', chat(simulator.url), '--proxy-url', chat(proxy.url)]
const QUICK = ['--model', 'm', '--no-self-warmup', '--concurrency', '2']

interface Result {
  readonly run: { readonly order: string; readonly partial: boolean }
  readonly runs: { readonly endpoint: string; readonly requests: number; readonly rounds: number }[]
  readonly overhead: {
    readonly candidate: string
    readonly control: boolean
    readonly rounds: number
    readonly delta: Record<string, number>
    readonly interval: Record<string, [number, number]>
    readonly absent: Record<string, string>
  }[]
  readonly budgets: { readonly state: string }[]
}

async function run(flags: readonly string[], name = 'result.json') {
  const path = join(folder, name)
  const finished = await runCommand([...flags, ...QUICK, '--output-json', path])
  const result = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Result) : undefined
  return { ...finished, result }
}

describe('orders', () => {
  test.each(['rounds', 'paired', 'concurrent'])(
    '%s: the interval holds what was injected',
    async (order) => {
      const { code, result } = await run([...pair(), '--order', order, '--requests', '80'])
      expect(code).toBe(0)
      const [overhead] = result?.overhead ?? []
      expect(overhead?.rounds).toBeGreaterThanOrEqual(4)
      const [low = 0, high = 0] = overhead?.interval['p50'] ?? []
      // The proxy never answers sooner than its delay, and forwarding itself costs something.
      expect(high).toBeGreaterThan(20)
      expect(low).toBeGreaterThan(15)
      expect(result?.runs.map(({ endpoint, requests }) => [endpoint, requests])).toEqual([
        ['direct', 80],
        ['proxy', 80],
      ])
    },
  )

  test('sequential prints no interval, with the reason', async () => {
    const { stdout, result } = await run([...pair(), '--order', 'sequential', '--requests', '40'])
    expect(stdout).toContain('No interval: --order sequential')
    expect(result?.overhead[0]?.interval).toEqual({})
    expect(result?.overhead[0]?.delta['p50']).toBeGreaterThan(20)
  })

  test('too few requests for rounds print no interval, with what to raise', async () => {
    const { stdout } = await run([...pair(), '--requests', '8'])
    expect(stdout).toContain('2 rounds are too few, an interval needs 4; raise --requests')
  })
})

describe('endpoints', () => {
  test('any number of names, a baseline, headers and tokens of their own', async () => {
    const seen: Record<string, string[]> = { one: [], two: [], three: [] }
    const servers = await Promise.all(
      Object.keys(seen).map((name) =>
        startChatServer(({ headers }, response) => {
          seen[name] = [String(headers['x-who']), String(headers.authorization)]
          response.end(completion())
        }),
      ),
    )
    const flags = Object.keys(seen).flatMap((name, index) => [
      '--endpoint',
      `${name}=${servers[index]?.url}`,
    ])
    const { code, stdout, result } = await run([
      ...flags,
      ...['--baseline', 'two', '--requests', '40'],
      ...['--header', 'one:X-Who=first', '--header', 'X-Who: all', '--header', 'two:X-Who=second'],
      ...['--token', 'shared-token', '--endpoint-token', 'three=own-token-3'],
    ])
    await Promise.all(servers.map((server) => server.close()))
    expect(code).toBe(0)
    expect(stdout).toContain('## Estimated Overhead (one - two)')
    expect(stdout).toContain('## Estimated Overhead (three - two)')
    expect(result?.runs.map(({ endpoint }) => endpoint)).toEqual(['two', 'one', 'three'])
    expect(seen['three']).toEqual(['all', 'Bearer own-token-3'])
    expect(seen['one']?.[1]).toBe('Bearer shared-token')
    expect(seen['one']?.[0]).toContain('first')
    expect(stdout + JSON.stringify(result)).not.toMatch(/own-token-3|shared-token/)
  })
})

describe('noise floor and precision', () => {
  test('--noise-floor measures the baseline against itself', async () => {
    const { code, stdout, result } = await run([...pair(), '--noise-floor', '--requests', '80'])
    expect(code).toBe(0)
    expect(stdout).toContain('## Noise Floor (baseline against itself)')
    expect(result?.overhead.map(({ candidate, control }) => [candidate, control])).toEqual([
      ['proxy', false],
      ['direct-again', true],
    ])
    expect(Math.abs(result?.overhead[1]?.delta['p50'] ?? 99)).toBeLessThan(10)
  })

  test('--until-half-width ends a level early, as complete', async () => {
    const { code, stdout, result } = await run([
      ...pair(),
      ...['--until-half-width', '500ms', '--primary-metric', 'mean', '--requests', '400'],
    ])
    expect(code).toBe(0)
    expect(result?.run.partial).toBe(false)
    expect(result?.runs[0]?.rounds).toBe(8)
    expect(result?.runs[0]?.requests).toBeLessThan(400)
    expect(stdout).not.toContain('reached')
  })
})

describe('budgets', () => {
  const judged = (flags: readonly string[]) => run([...pair(), '--requests', '80', ...flags])

  test('kept: exit code 0', async () => {
    const flags = ['--max-overhead', 'mean=900ms,p50=100000%', '--min-ok-rps', '1']
    const { code, result } = await judged([...flags, '--max-error-rate', '20%'])
    expect(result?.budgets.map(({ state }) => state)).toEqual(['PASS', 'PASS', 'PASS', 'PASS'])
    expect(code).toBe(0)
  })

  test('broken: exit code 1', async () => {
    const { code, stdout } = await judged(['--max-overhead', 'mean=1ms'])
    expect(code).toBe(1)
    expect(stdout).toMatch(/\| --max-overhead mean=1ms \| proxy \| 2 \| .* \| FAIL \|/)
  })

  test('open: exit code 4, with what would decide', async () => {
    const { code, stdout } = await judged(['--max-overhead', 'p99=900ms', '--max-error-rate', '1%'])
    expect(code).toBe(4)
    expect(stdout).toContain('is open: needs 1000')
    expect(stdout).toContain('--max-error-rate 1% on proxy at level 2 is open: about')
  })
})

describe('open loop', () => {
  test('keeps the rate whatever the answers do, and times from the intended instant', async () => {
    const slow = await startSimulator({ ttft: { kind: 'fixed', ms: 100 }, maxBatch: 64 })
    const path = join(folder, 'open.json')
    const { code, stdout } = await runCommand([
      ...['--url', chat(slow.url), '--model', 'm', '--no-self-warmup', '--requests', '60'],
      ...['--rate', '100', '--arrival', 'constant', '--slo', 'e2e=2s', '--output-json', path],
    ])
    await slow.close(0)
    expect(code).toBe(0)
    expect(stdout).toContain('| endpoint | rate | ok_rps |')
    expect(stdout).toContain('## Goodput (e2e <= 2000 ms)')
    const { runs } = JSON.parse(readFileSync(path, 'utf8')) as {
      runs: { rate: number; duration_s: number; ok: number; open_loop: { held_back: number } }[]
    }
    expect(runs[0]).toMatchObject({ rate: 100, ok: 60, open_loop: { held_back: 0 } })
    // 60 arrivals 10 ms apart and one answer; a closed loop of one would take 6 s at the least. Both bounds are wide:
    // on a busy machine the first is sent late, and the last too.
    expect(runs[0]?.duration_s).toBeGreaterThan(0.4)
    expect(runs[0]?.duration_s).toBeLessThan(5.5)
  })

  test('--find-capacity finds what each endpoint keeps up with', async () => {
    // One at a time, 10 ms each: 100/s at the very most.
    const narrow = await startSimulator({ ttft: { kind: 'fixed', ms: 10 }, maxBatch: 1 })
    const path = join(folder, 'capacity.json')
    const { code, stdout, stderr } = await runCommand([
      ...['--url', chat(narrow.url), '--model', 'm', '--no-self-warmup', '--requests', '40'],
      ...['--find-capacity', '--slo', 'e2e=100ms', '--rate', '60', '--slo-share', '95%'],
      ...['--max-tokens', '1', '--output-json', path],
    ])
    await narrow.close(0)
    expect(code).toBe(0)
    expect(stdout).toContain('## Capacity (e2e <= 100 ms for 95% of requests)')
    expect(stderr).toContain('target at 60.0/s')
    const file = JSON.parse(readFileSync(path, 'utf8')) as {
      capacity: { rate: number; failing_rate: number }[]
    }
    expect(file.capacity[0]?.rate).toBeGreaterThan(20)
    expect(file.capacity[0]?.rate).toBeLessThan(115)
    expect(file.capacity[0]?.failing_rate).toBeGreaterThan(file.capacity[0]?.rate ?? 0)
  }, 120_000)
})

describe('run file', () => {
  test('reports the same numbers again, in each format', async () => {
    const file = join(folder, 'again.run')
    const flags = ['--requests', '80', '--max-overhead', 'mean=1ms', '--p-values']
    const live = await run([...pair(), ...flags, '--run-file', file], 'again.json')
    const again = await runCommand(['report', file])
    expect(again.code).toBe(0)
    expect(live.stdout).toContain(again.stdout.slice(again.stdout.indexOf('## Results')))
    const asJson = await runCommand(['report', file, '--format', 'json'])
    expect(JSON.parse(asJson.stdout)).toEqual(live.result)
    const markdown = join(folder, 'again.md')
    await runCommand(['report', file, '--format', 'markdown', '--output', markdown])
    expect(readFileSync(markdown, 'utf8')).toMatch(/^# Load test of m\n[\s\S]*## Budgets/)
    const stored = await runCommand(['report', join(folder, 'again.json')])
    expect(live.stdout).toContain(stored.stdout.slice(0, stored.stdout.indexOf('## Sweep')))
  })

  test('killed, it has lost at most a second', async () => {
    const file = join(folder, 'killed.run')
    const started = startCommand([
      ...['--url', chat(simulator.url), ...QUICK, '--requests', '100000', '--run-file', file],
      ...['--progress-every', '50'],
    ])
    const doneOf = (text: string) => Number([...text.matchAll(/: (\d+)\/100000/g)].at(-1)?.[1] ?? 0)
    await expect.poll(() => doneOf(started.output()), { timeout: 20_000 }).toBeGreaterThan(200)
    const doneASecondAgo = doneOf(started.output())
    await new Promise((resolve) => setTimeout(resolve, 1000))
    started.child.kill('SIGKILL')
    await started.finished
    expect(statSync(file).size).toBeGreaterThan(1000)
    const { code, stdout } = await runCommand(['report', file])
    expect(code).toBe(0)
    expect(stdout).toContain('has no end: the run was killed')
    const kept = Number(/\| target \| 2 \| (\d+) \|/.exec(stdout)?.[1])
    expect(kept).toBeGreaterThanOrEqual(doneASecondAgo)
  })

  test.skipIf(!existsSync('/dev/full'))(
    'a full disk does not end the run, and is told',
    async () => {
      const { code, stdout } = await run([...pair(), '--requests', '40', '--run-file', '/dev/full'])
      expect(code).toBe(0)
      expect(stdout).toContain(
        'Warning: --run-file /dev/full could not be written further (ENOSPC)',
      )
      expect(stdout).toContain('## Sweep Results')
    },
  )

  test('a full disk for the result file is told, and the tables are not lost', async () => {
    const args = [...pair(), ...QUICK, '--requests', '40', '--output-json', '/dev/full']
    const { code, stdout, stderr } = await runCommand(args)
    expect(stdout).toContain('## Sweep Results')
    expect(stderr).toMatch(/--output-json \/dev\/full/)
    expect(code).not.toBe(0)
  })

  test.each([
    [['report'], /report needs a RUN/],
    [['report', '/nonexistent.run'], /cannot be read \(ENOENT\)/],
    [['report', 'package.json'], /package\.json holds no runs/],
    [['report', 'a', 'b'], /report does not take "b"/],
  ])('%j is wrong usage', async (args, problem) => {
    const { code, stderr } = await runCommand(args)
    expect(code).toBe(2)
    expect(stderr).toMatch(problem)
  })
})
