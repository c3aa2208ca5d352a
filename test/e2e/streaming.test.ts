import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type RunningProxy, startProxy } from '../../src/servers/proxy/start-proxy.ts'
import {
  type RunningSimulator,
  startSimulator,
} from '../../src/servers/simulator/start-simulator.ts'
import { type ChatServer, startChatServer } from '../helpers/chat-server.ts'
import { runCommand } from '../helpers/run-command.ts'
import {
  contentEvent,
  DONE_EVENT,
  finishEvent,
  ROLE_EVENT,
  usageEvent,
  wholeStream,
} from '../helpers/stream-events.ts'

const folder = mkdtempSync(join(tmpdir(), 'llmtrace-bench-'))
let simulator: RunningSimulator
let proxy: RunningProxy
const extra: ChatServer[] = []

beforeAll(async () => {
  simulator = await startSimulator({
    ttft: { kind: 'fixed', ms: 5 },
    tokenTime: { kind: 'fixed', ms: 1 },
  })
  proxy = await startProxy({ upstream: simulator.url, injectDelay: { kind: 'fixed', ms: 30 } })
})
afterEach(async () => {
  for (const server of extra.splice(0)) await server.close()
})
afterAll(async () => {
  await proxy.close(0)
  await simulator.close(0)
  rmSync(folder, { recursive: true })
})

const chat = (url: string) => `${url}/v1/chat/completions`
const QUICK = ['--model', 'm', '--no-self-warmup', '--stream']

interface Figures {
  readonly count: number
  readonly mean?: number
  readonly absent?: Readonly<Record<string, string>>
}

interface Integrity {
  readonly endpoint: string
  readonly checks: Readonly<Record<string, [number, number]>>
  readonly coalescing?: number
}

interface Streams {
  readonly integrity: Integrity[]
  readonly runs: {
    readonly endpoint: string
    readonly ok: number
    readonly cancelled_as_asked: number
    readonly output_tokens?: number
    readonly metrics: Readonly<Record<string, Figures>>
  }[]
  readonly overhead: { readonly metrics: Readonly<Record<string, { delta: { mean: number } }>> }[]
}

function readStreams(path: string): Streams {
  return (JSON.parse(readFileSync(path, 'utf8')) as { streams: Streams }).streams
}

async function play(answer: (response: ServerResponse) => void): Promise<string> {
  const server = await startChatServer((_, response) => answer(response))
  extra.push(server)
  return server.url
}

const sendWhole = (text: string) => (response: ServerResponse) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.end(text)
}

describe('direct against proxy', () => {
  test('finds the injected delay in the first token, and not between chunks', async () => {
    const output = join(folder, 'streams.json')
    const runFile = join(folder, 'streams.run')
    const args = ['--direct-url', chat(simulator.url), '--proxy-url', chat(proxy.url), ...QUICK]
    const files = ['--output-json', output, '--run-file', runFile]
    const { code, stdout } = await runCommand([...args, '--requests', '40', ...files])
    expect(code).toBe(0)
    const { runs, overhead } = readStreams(output)
    expect(runs.map(({ endpoint, ok }) => [endpoint, ok])).toEqual([
      ['direct', 40],
      ['proxy', 40],
    ])
    for (const { metrics, output_tokens } of runs) {
      expect(output_tokens).toBeGreaterThan(40)
      expect(metrics['ttft']?.count).toBe(40)
      expect(metrics['tpot']?.count).toBe(40)
    }
    const deltaOf = (metric: string) => overhead[0]?.metrics[metric]?.delta.mean ?? Number.NaN
    expect(deltaOf('ttft')).toBeGreaterThan(15)
    expect(deltaOf('icl')).toBeLessThan(deltaOf('ttft') / 3)

    const tables = /^## Streams[\s\S]*(?=^## Paired)/m.exec(stdout)?.[0]
    expect(tables).toContain('## Streaming Overhead (proxy - direct, concurrency=10)')
    const report = await runCommand(['report', runFile])
    expect(report.stdout).toContain(tables)
  })

  test('is the same through undici, and through client workers', async () => {
    for (const client of [
      ['--client', 'undici'],
      ['--client-workers', '2'],
    ]) {
      const output = join(folder, `${client[1]}.json`)
      const args = ['--url', chat(simulator.url), ...QUICK, ...client]
      const { code } = await runCommand([...args, '--requests', '30', '--output-json', output])
      expect(code).toBe(0)
      const [run] = readStreams(output).runs
      expect(run?.metrics['ttft']?.count).toBe(30)
      expect(run?.metrics['chunks']?.mean).toBeGreaterThan(1)
    }
  })
})

/** Six chunks, 6 ms apart. */
function sendSpread(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const pieces = [ROLE_EVENT, ...[0, 1, 2, 3, 4, 5].map((index) => contentEvent(` w${index}`))]
  const timer = setInterval(() => {
    response.write(pieces.shift())
    if (pieces.length > 0) return
    clearInterval(timer)
    response.end(finishEvent() + usageEvent(6) + DONE_EVENT)
  }, 6)
}

test('each fault of the simulator is counted as what it is', async () => {
  const kinds = [
    ...([
      'no-role',
      'double-role',
      'no-usage',
      'no-done',
      'after-done',
      'reorder',
      'alter',
    ] as const),
    ...(['error-midstream', 'cut', 'coalesce', 'split-utf8', 'comments', 'crlf'] as const),
    'no-space' as const,
  ]
  const tokenTime = { kind: 'fixed', ms: 2 } as const
  const clean = await startSimulator({ tokenTime })
  const faulty = await startSimulator({
    tokenTime,
    faultSchedule: kinds.map((kind, index) => ({
      kind,
      by: 'request',
      from: index * 3 + 1,
      to: index * 3 + 3,
    })),
  })
  const output = join(folder, 'faults.json')
  const ends = ['--direct-url', chat(clean.url), '--proxy-url', chat(faulty.url)]
  const load = ['--warmup-requests', '0', '--requests', '48', '--concurrency', '4']
  await runCommand([...ends, ...QUICK, ...load, '--output-json', output])
  await clean.close(0)
  await faulty.close(0)
  const [unspoilt, spoilt] = readStreams(output).integrity
  const cleanCounts = Object.entries(unspoilt?.checks ?? {}).map(([, [count]]) => count)
  expect(new Set(cleanCounts)).toEqual(new Set([0]))
  // Cut and broken off by an error, three times each.
  expect(spoilt?.checks).toMatchObject({
    'not a stream': [0, 48],
    truncated: [6, 48],
    'error event': [3, 48],
    'no [DONE]': [9, 48],
    'no usage': [9, 48],
    'no role frame': [3, 48],
    'two role frames': [3, 48],
    'broken text': [0, 48],
    'after [DONE]': [3, 48],
    comments: [3, 48],
    'CR line ends': [3, 48],
    'no space': [3, 48],
    'one burst': [3, 45],
    // Of whole answers; letters of others, and those that got characters of several bytes.
    altered: [6, 42],
    reordered: [3, 42],
  })
})

test('what a proxy does to streams is counted and warned of', async () => {
  const direct = await play(sendSpread)
  // Holds back, alters, drops role frame and usage, and forgets the end.
  const spoilt = await play(sendWhole([1, 2, 3].map((index) => contentEvent(`x${index}`)).join('')))
  const output = join(folder, 'integrity.json')
  const args = ['--direct-url', direct, '--proxy-url', spoilt, ...QUICK, '--requests', '12']
  const { code, stdout } = await runCommand([...args, '--output-json', output])
  expect(code).toBe(0)
  const [clean, broken] = readStreams(output).integrity
  expect(clean?.checks).toMatchObject({ 'no [DONE]': [0, 12], truncated: [0, 12] })
  expect(broken?.checks).toMatchObject({
    truncated: [12, 12],
    'no [DONE]': [12, 12],
    'no usage': [12, 12],
    'no role frame': [12, 12],
    'one burst': [12, 12],
  })
  expect(broken?.coalescing).toBeGreaterThan(2)
  expect(stdout).toContain('## Stream Integrity\n| check | conc | direct | proxy |')
  for (const warned of ['broke off', 'held no usage', 'in one burst', 'lack the event']) {
    expect(stdout).toContain(warned)
  }
})

describe('--cancel-after', () => {
  test('ends each stream, which counts apart and reaches the server', async () => {
    let closed = 0
    const url = await play((response) => {
      response.once('close', () => {
        closed += response.writableFinished ? 0 : 1
      })
      sendSpread(response)
    })
    const output = join(folder, 'cancelled.json')
    const args = ['--url', url, ...QUICK, '--requests', '8', '--cancel-after', '2chunks']
    const { code, stdout } = await runCommand([...args, '--output-json', output])
    expect(code).toBe(0)
    const [run] = readStreams(output).runs
    expect(run).toMatchObject({ ok: 0, cancelled_as_asked: 8 })
    expect(run?.metrics['ttft']?.count).toBe(8)
    // The uncounted first wave is cancelled too.
    expect(closed).toBeGreaterThanOrEqual(8)
    expect(stdout).toContain('cancelled as asked 8')
  })
})

describe('--upstream-log', () => {
  const args = ['--cancel-after', '2chunks', '--requests', '6', '--concurrency', '2']

  test('tells that the proxy passes cancellations on, and how late; also from the run file', async () => {
    const slow = await startSimulator({ tokenTime: { kind: 'fixed', ms: 15 } })
    const before = await startProxy({ upstream: slow.url })
    const ends = ['--direct-url', chat(slow.url), '--proxy-url', chat(before.url)]
    const runFile = join(folder, 'upstream.run')
    const log = ['--upstream-log', `${slow.url}/simulator/log`, '--run-file', runFile]
    const { code, stdout } = await runCommand([...ends, ...QUICK, ...args, ...log])
    await before.close(0)
    await slow.close(0)
    expect(code).toBe(0)
    const table = /^## Cancelled Upstream[\s\S]*?\n\n/m.exec(stdout)?.[0]
    expect(table).toMatch(/^\| direct \| 2 \| 6 \| 6\/6 \|/m)
    expect(table).toMatch(/^\| proxy \| 2 \| 6 \| 6\/6 \|/m)
    expect((await runCommand(['report', runFile])).stdout).toContain(table)
  })

  test('tells that it does not', async () => {
    const slow = await startSimulator({ tokenTime: { kind: 'fixed', ms: 15 } })
    // Reads the upstream's answer to its end, whoever still listens.
    const deaf = await startChatServer((_, response, body) => {
      void fetch(chat(slow.url), { method: 'POST', body }).then(async (answer) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        for await (const piece of answer.body ?? []) response.write(piece)
        response.end()
      })
    })
    extra.push(deaf)
    const log = ['--upstream-log', `${slow.url}/simulator/log`]
    const { stdout } = await runCommand(['--url', deaf.url, ...QUICK, ...args, ...log])
    await slow.close(0)
    expect(stdout).toMatch(/^\| target \| 2 \| 6 \| 0\/6 \| n\/a/m)
  })

  test('that cannot be read is wrong usage', async () => {
    const log = ['--upstream-log', 'http://127.0.0.1:9/simulator/log']
    const command = ['--url', chat(simulator.url), ...QUICK, ...args, ...log]
    const { code, stderr } = await runCommand(command)
    expect(code).toBe(2)
    expect(stderr).toContain('--upstream-log http://127.0.0.1:9/simulator/log cannot be read')
  })
})

test('goodput counts first tokens in time', async () => {
  const args = ['--url', chat(simulator.url), ...QUICK, '--requests', '20']
  const { stdout } = await runCommand([...args, '--slo', 'ttft=5s,tpot=5s'])
  expect(stdout).toContain('## Goodput (ttft <= 5000 ms, tpot <= 5000 ms)')
  expect(stdout).toMatch(/\| target \| 10 \| .* \| 100\.0% \|/)
})

describe('one endpoint', () => {
  test('is asked for a stream with usage', async () => {
    let asked: unknown
    const server = await startChatServer((_, response, body) => {
      asked = JSON.parse(body)
      sendWhole(wholeStream(['OK']))(response)
    })
    extra.push(server)
    await runCommand(['--url', server.url, ...QUICK, '--requests', '1'])
    expect(asked).toMatchObject({ stream: true, stream_options: { include_usage: true } })
  })

  test('that reports no usage has no TPOT, and says why', async () => {
    const text = contentEvent('a') + contentEvent('b') + finishEvent() + DONE_EVENT
    const url = await play(sendWhole(text))
    const output = join(folder, 'no-usage.json')
    const args = ['--url', url, ...QUICK, '--requests', '4', '--output-json', output]
    const { code, stdout } = await runCommand(args)
    expect(code).toBe(0)
    const [run] = readStreams(output).runs
    expect(run?.metrics['tpot']?.absent?.['mean']).toContain('no answer reported usage')
    expect(run?.metrics['chunks']?.mean).toBe(2)
    expect(stdout).toContain('tpot is blank: no answer reported usage of two tokens or more.')
  })
})
