import { mkdirSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { monotonicClock } from '../src/engine/monotonic-clock.ts'
import { runOpenLoop } from '../src/engine/open-loop-runner.ts'
import { warmUpSelf } from '../src/engine/self-warm-up.ts'
import type { Arrival } from '../src/model/plan.ts'
import { markdownTable } from '../src/report/markdown-table.ts'
import { createOpenLoop } from '../src/schedule/open-loop.ts'
import { quantile, sortSample } from '../src/stats/quantile.ts'
import { createRandom } from '../src/stats/random.ts'
import { prepareChatRequests } from '../src/transport/chat-requests.ts'
import { createTransport } from '../src/transport/create-transport.ts'
import { startServerProcess } from './client/server-process.ts'

/**
 * How late an open loop sends, on real sockets, beside the plain way: a timer for each arrival. Goals: p50 at most
 * 0.1 ms, p99 at most 1 ms.
 */

const { values: flags } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    'output-json': { type: 'string', default: 'bench/results/open-loop.json' },
  },
})
const SECONDS = Number(flags.seconds)
const RATES = [20, 100, 500]
const CONNECTIONS = 64
const MAIN = new URL('../dist/cli/main.js', import.meta.url).pathname

const [request] = prepareChatRequests(
  [{ id: 'prompt', text: 'Return a one-word response: OK.' }],
  { model: 'm', system: 's', prompt: '', temperature: 0, maxTokens: 1 },
  { token: undefined, agentId: undefined, headers: [], body: undefined },
)
if (request === undefined) throw new Error('no request was prepared')

const now = () => monotonicClock.now()

const transportTo = (url: URL, connections: number) =>
  createTransport('lean', {
    url,
    connections,
    timeoutMs: 10_000,
    keepAlive: true,
    insecure: false,
    useEnvProxy: false,
    captureHeaders: false,
    now,
  })

const arrivals = (rate: number, arrival: Arrival) =>
  createOpenLoop({
    firstSequence: 0,
    requests: Math.ceil(rate * SECONDS),
    promptCount: 1,
    rate,
    arrival,
    random: createRandom(`open-loop/${rate}`),
  })

/** Lateness of each send, ms. */
async function paced(url: URL, rate: number, arrival: Arrival): Promise<number[]> {
  const transport = transportTo(url, CONNECTIONS)
  await transport.open()
  const lags: number[] = []
  await runOpenLoop({
    mostInFlight: CONNECTIONS,
    next: arrivals(rate, arrival),
    perform: (_, done, intendedAt) =>
      transport.send(request ?? never(), ({ sentAt }) => {
        lags.push(sentAt - intendedAt)
        done()
      }),
    cancel: () => transport.cancel(),
    now,
    signal: new AbortController().signal,
  })
  await transport.close()
  return lags
}

/** The same arrivals, each by a timer of its own. */
async function byTimers(url: URL, rate: number, arrival: Arrival): Promise<number[]> {
  const transport = transportTo(url, CONNECTIONS)
  await transport.open()
  const next = arrivals(rate, arrival)
  const startedAt = now()
  const sends: Promise<number>[] = []
  for (let slot = next(); slot !== undefined; slot = next()) {
    const dueMs = slot.dueMs ?? 0
    sends.push(
      new Promise((resolve) => {
        setTimeout(() => {
          transport.send(request ?? never(), ({ sentAt }) => resolve(sentAt - startedAt - dueMs))
        }, dueMs)
      }),
    )
  }
  const lags = await Promise.all(sends)
  await transport.close()
  return lags
}

function never(): never {
  throw new Error('no request was prepared')
}

function describe(lags: readonly number[]) {
  const sorted = sortSample(lags)
  return { p50: quantile(sorted, 0.5) ?? Number.NaN, p99: quantile(sorted, 0.99) ?? Number.NaN }
}

const latency = ['--ttft', '5ms', '--token-time', '0', '--max-batch', '1000', '--slowdown', '0']
const server = startServerProcess(process.execPath, [
  MAIN,
  'simulate',
  '--port',
  '0',
  '--stop-with-parent',
  ...latency,
])
try {
  const [, origin = ''] = await server.waitFor(/listening on (\S+)/)
  const url = new URL(`${origin}/v1/chat/completions`)
  await warmUpSelf({
    createTransport: transportTo,
    request,
    durationMs: 2000,
    signal: new AbortController().signal,
  })
  const results = []
  for (const arrival of ['constant', 'poisson'] as const) {
    for (const rate of RATES) {
      const ours = describe(await paced(url, rate, arrival))
      const timers = describe(await byTimers(url, rate, arrival))
      results.push({ arrival, rate, ours, timers })
    }
  }
  const ms = (value: number) => `${value.toFixed(3)}ms`
  const rows = results.map(({ arrival, rate, ours, timers }) => [
    arrival,
    `${rate}/s`,
    ms(ours.p50),
    ms(ours.p99),
    ms(timers.p50),
    ms(timers.p99),
    (ours.p50 / timers.p50).toFixed(2),
    ours.p50 <= 0.1 && ours.p99 <= 1 ? 'reached' : 'not reached',
  ])
  const header = ['arrivals', 'rate', 'p50', 'p99', 'timers p50', 'timers p99', 'ratio p50', 'goal']
  process.stdout.write(`## Schedule lag\n${markdownTable(header, rows)}\n`)
  mkdirSync('bench/results', { recursive: true })
  writeFileSync(
    flags['output-json'],
    `${JSON.stringify({ seconds: SECONDS, results }, undefined, 1)}\n`,
  )
} finally {
  await server.stop()
}
