import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import type { SimulatorOptions } from '../../src/servers/simulator/simulator-options.ts'
import { startSimulator } from '../../src/servers/simulator/start-simulator.ts'
import { completion, startChatServer } from '../helpers/chat-server.ts'
import { runCommand } from '../helpers/run-command.ts'

/** Each warning, provoked over real sockets. */

const folder = mkdtempSync(join(tmpdir(), 'llmtrace-bench-'))
const servers: { close(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
})
afterAll(() => rmSync(folder, { recursive: true }))

async function simulate(options: Partial<SimulatorOptions> = {}): Promise<string> {
  const simulator = await startSimulator(options)
  servers.push({ close: () => simulator.close(0) })
  return `${simulator.url}/v1/chat/completions`
}

async function answerWith(
  answer: (request: IncomingMessage, response: ServerResponse, body: string) => void,
): Promise<string> {
  const server = await startChatServer(answer)
  servers.push(server)
  return server.url
}

const json = (headers: Record<string, string> = {}, body = completion()) =>
  answerWith((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(body)
  })

/** The codes of a run's warnings, and its output. */
async function warningsOf(urls: readonly [string, string?], flags: readonly string[]) {
  const output = join(folder, 'result.json')
  const [one, other] = urls
  const targets = other === undefined ? ['--url', one] : ['--direct-url', one, '--proxy-url', other]
  const args = [...targets, '--model', 'm', '--no-self-warmup', '--output-json', output, ...flags]
  const { stdout } = await runCommand(args)
  const { warnings } = JSON.parse(readFileSync(output, 'utf8')) as { warnings: { code: string }[] }
  return { codes: warnings.map(({ code }) => code), stdout }
}

const FEW = ['--requests', '20', '--concurrency', '2']

describe('answers', () => {
  const REASONING = JSON.stringify({
    choices: [{ message: { content: null, reasoning: 'hmm' }, finish_reason: 'length' }],
  })

  test.each([
    ['cache-hits', { 'x-litellm-cache-hit': 'True' }, completion()],
    ['cache-hits', { 'cf-aig-cache-status': 'HIT' }, completion()],
    ['hidden-retries', { 'x-portkey-retry-attempt-count': '2' }, completion()],
    ['token-mismatch', {}, completion('OK', 9)],
    ['content-mismatch', {}, completion('NO')],
    ['truncated-reasoning', {}, REASONING],
  ])('%s', async (code, headers, body) => {
    const { codes } = await warningsOf([await json(), await json(headers, body)], FEW)
    expect(codes).toContain(code)
    const same = await warningsOf([await json(), await json()], FEW)
    expect(same.codes).not.toContain(code)
  })

  test('self-report', async () => {
    const proxy = await answerWith((_, response) => {
      setTimeout(() => {
        response.writeHead(200, { 'x-litellm-overhead-duration-ms': '0.5' }).end(completion())
      }, 15)
    })
    const { codes, stdout } = await warningsOf([await json(), proxy], FEW)
    expect(codes).toContain('self-report')
    expect(stdout).toContain('x-litellm-overhead-duration-ms tells 0.5 ms')
  })
})

describe('failures', () => {
  test.each([
    ['throttled', { '429': 0.5 }],
    ['errors', { '500': 0.5 }],
    ['no-success', { '500': 1 }],
  ] as const)('%s', async (code, faultRates) => {
    expect((await warningsOf([await simulate({ faultRates })], FEW)).codes).toContain(code)
  })

  test('reconnects', async () => {
    const closing = await answerWith((_, response) => {
      response.writeHead(200, { connection: 'close' }).end(completion())
    })
    expect((await warningsOf([closing], FEW)).codes).toContain('reconnects')
    const asked = await warningsOf([closing], [...FEW, '--no-keepalive'])
    expect(asked.codes).not.toContain('reconnects')
  })
})

describe('the client', () => {
  test('cold-client and few-samples', async () => {
    const { codes } = await warningsOf([await simulate()], FEW)
    expect(codes).toEqual(expect.arrayContaining(['cold-client', 'few-samples']))
  })

  test('client-saturated: against a server that does less for an answer than the client', async () => {
    // Bare sockets and canned bytes in a process of its own, which end with its standard input.
    const body = completion('x'.repeat(50))
    const canned = `HTTP/1.1 200 OK\\r\\ncontent-length: ${body.length}\\r\\n\\r\\n${JSON.stringify(body).slice(1, -1)}`
    const script = `
      const bytes = Buffer.from("${canned}")
      const server = require('node:net').createServer((socket) => {
        socket.on('error', () => {})
        socket.on('data', () => socket.write(bytes))
      })
      server.listen(0, '127.0.0.1', () => console.log(server.address().port))
      process.stdin.on('end', () => process.exit()).resume()
    `
    const child = spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'pipe', 'inherit'] })
    servers.push({ close: async () => void child.stdin.end() })
    const port = await new Promise<string>((resolve) => {
      child.stdout.once('data', (text: Buffer) => resolve(text.toString().trim()))
    })
    const { codes } = await warningsOf(
      [`http://127.0.0.1:${port}/v1/chat/completions`],
      ['--requests', '60000', '--concurrency', '200'],
    )
    expect(codes).toContain('client-saturated')
  })

  test('schedule-lag: a rate that no client keeps', async () => {
    const flags = ['--rate', '100000', '--arrival', 'constant', '--max-in-flight', '4000']
    const url = await simulate({ ttft: { kind: 'fixed', ms: 1 }, maxBatch: 5000, maxQueue: 5000 })
    const { codes } = await warningsOf([url], [...flags, '--requests', '3000'])
    expect(codes).toContain('schedule-lag')
  })

  test('held-back', async () => {
    const url = await simulate({ ttft: { kind: 'fixed', ms: 20 } })
    const flags = ['--rate', '200', '--max-in-flight', '1', '--requests', '20']
    const { codes, stdout } = await warningsOf([url], flags)
    expect(codes).toContain('held-back')
    expect(stdout).toContain('## Open Loop')
  })
})

describe('stability', () => {
  const ROUNDS = [
    '--concurrency',
    '1',
    '--warmup-requests',
    '0',
    '--requests',
    '80',
    '--rounds',
    '8',
  ]

  /** A trace by arrival: with rounds of ten and no warm-up, arrival n belongs to round n / 10. */
  const byRound = (latencyOf: (round: number) => number) => ({
    kind: 'trace' as const,
    timesMs: Array.from({ length: 80 }, (_, index) => latencyOf(Math.floor(index / 10))),
  })

  test('drift', async () => {
    const drifting = await simulate({ ttft: byRound((round) => 10 + 2 * round) })
    const steady = await simulate({ ttft: { kind: 'fixed', ms: 5 } })
    expect((await warningsOf([drifting, steady], ROUNDS)).codes).toContain('drift')
  })

  test('outlying-round', async () => {
    const odd = await simulate({
      ttft: byRound((round) => (round === 4 ? 60 : 10 + (round % 2) / 2)),
    })
    const steady = await simulate({ ttft: { kind: 'fixed', ms: 5 } })
    const { codes, stdout } = await warningsOf([odd, steady], ROUNDS)
    expect(codes).toContain('outlying-round')
    expect(stdout).toContain('round 5 had a median of 6')
  })

  test('baseline-saturated', async () => {
    const url = await simulate({ ttft: { kind: 'fixed', ms: 2 }, maxBatch: 1 })
    const flags = ['--concurrency-list', '1,8', '--requests', '1000']
    expect((await warningsOf([url], flags)).codes).toContain('baseline-saturated')
  })

  test('biased-control: a server that is slower on later connections', async () => {
    const sockets: unknown[] = []
    const url = await answerWith(({ socket }, response) => {
      if (!sockets.includes(socket)) sockets.push(socket)
      const late = sockets.indexOf(socket) >= 2
      setTimeout(() => response.end(completion()), late ? 15 : 5)
    })
    const flags = ['--noise-floor', '--concurrency', '1', '--requests', '80', '--rounds', '8']
    const { codes, stdout } = await warningsOf([url, url], flags)
    expect(codes).toContain('biased-control')
    expect(stdout).toContain('## Noise Floor (baseline against itself)')
  })

  test('imprecise', async () => {
    const flags = [...ROUNDS, '--until-half-width', '1us', '--primary-metric', 'mean']
    const pair: [string, string] = [await simulate(), await simulate()]
    const { codes } = await warningsOf(pair, flags)
    expect(codes).toContain('imprecise')
  })
})
