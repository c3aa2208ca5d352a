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
