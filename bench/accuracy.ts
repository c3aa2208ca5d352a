import { mkdirSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { compareMeasurements } from '../src/analysis/overhead.ts'
import { okLatencies } from '../src/analysis/latencies.ts'
import { monotonicClock } from '../src/engine/monotonic-clock.ts'
import { runPlan } from '../src/engine/run-plan.ts'
import { warmUpSelf } from '../src/engine/self-warm-up.ts'
import type { Measurement } from '../src/model/measurement.ts'
import type { Order } from '../src/model/plan.ts'
import { markdownTable } from '../src/report/markdown-table.ts'
import { mean, quantile, sortSample } from '../src/stats/quantile.ts'
import { createRandom } from '../src/stats/random.ts'
import { prepareChatRequests } from '../src/transport/chat-requests.ts'
import { createTransport } from '../src/transport/create-transport.ts'
import { startServerProcess } from './client/server-process.ts'

/**
 * Whether what was injected is found, over real sockets, while the upstream drifts. Both endpoints are proxies of
 * ours, one without a delay and one with, so that the truth is the delay alone, as the proxy's own clock tells it. The
 * order of the specification's script is measured beside the rounds, with the interval that such scripts print: 1.96
 * standard errors of a difference of independent means.
 */

const { values: flags } = parseArgs({
  options: {
    runs: { type: 'string', default: '200' },
    requests: { type: 'string', default: '60' },
    'output-json': { type: 'string', default: 'bench/results/accuracy.json' },
  },
})
const RUNS = Number(flags.runs)
const REQUESTS = Number(flags.requests)
const CONCURRENCY = 2
const INJECTED_MS = [0, 1, 5]
// Periods of a few runs, so that a run sees all sorts of slopes and steps.
const DRIFTS = ['sine:7s,4ms', 'square:5s,6ms']
const MAIN = new URL('../dist/cli/main.js', import.meta.url).pathname

async function startServer(args: readonly string[]) {
  const server = startServerProcess(process.execPath, [
    MAIN,
    ...args,
    '--port',
    '0',
    '--stop-with-parent',
  ])
  const [, origin = ''] = await server.waitFor(/listening on (\S+)/)
  return { origin, stop: () => server.stop() }
}

const requests = prepareChatRequests(
  [{ id: 'prompt', text: 'Return a one-word response: OK.' }],
  { model: 'm', system: 's', prompt: '', temperature: 0, maxTokens: 1 },
  { token: undefined, agentId: undefined, headers: [], body: undefined },
)

const transportTo = (url: URL, connections: number) =>
  createTransport('lean', {
    url,
    connections,
    timeoutMs: 10_000,
    keepAlive: true,
    insecure: false,
    useEnvProxy: false,
    captureHeaders: false,
    now: () => monotonicClock.now(),
  })

async function measure(origins: readonly string[], order: Order, seed: number) {
  const endpoints = origins.map((origin, index) => ({
    name: index === 0 ? 'plain' : 'delayed',
    url: `${origin}/v1/chat/completions`,
    baseline: index === 0,
  }))
  const plan = {
    endpoints,
    levels: [{ concurrency: CONCURRENCY }],
    requests: REQUESTS,
    promptCount: 1,
    order,
    rounds: undefined,
    arrival: 'constant' as const,
    jitterMs: 0,
    seed,
    warmupRequests: undefined,
  }
  const [before, after] = await runPlan(plan, {
    createTransport: ({ url }, { concurrency }) => transportTo(new URL(url), concurrency),
    requestsOf: () => requests,
    createRandom: (key) => createRandom(`${seed}/${key}`),
    redact: (text) => text,
    now: () => monotonicClock.now(),
    onLevelStart: () => {},
    onProgress: () => {},
    onRoundEnd: () => true,
    onLevelEnd: () => {},
    signal: new AbortController().signal,
  })
  if (before === undefined || after === undefined) throw new Error('a run gave no measurement')
  return [before, after] as const
}

interface Tally {
  readonly errors: number[]
  readonly widths: number[]
  held: number
  runs: number
  injected: number
}

function add(
  tally: Tally,
  { low, high, estimate, truth }: Record<'low' | 'high' | 'estimate' | 'truth', number>,
) {
  tally.runs += 1
  tally.injected += truth
  tally.errors.push(estimate - truth)
  tally.widths.push(high - low)
  if (low <= truth && truth <= high) tally.held += 1
}

/** What the proxy's own clock says that it added. */
function truthOf({ facts }: Measurement): number {
  return mean(facts.flatMap(({ selfReport }) => selfReport?.ms ?? [])) ?? 0
}

async function measureRounds(origins: readonly string[], seed: number, tally: Tally) {
  const [before, after] = await measure(origins, 'rounds', seed)
  const { rows } = compareMeasurements(before, after, { order: 'rounds' })
  const row = rows.find(({ metric }) => metric === 'mean')
  const { low = Number.NaN, high = Number.NaN } = row?.interval.value ?? {}
  add(tally, { low, high, estimate: row?.delta.value ?? Number.NaN, truth: truthOf(after) })
}

async function measureSequential(origins: readonly string[], seed: number, tally: Tally) {
  const [before, after] = await measure(origins, 'sequential', seed)
  const sides = [before, after].map((one) => okLatencies(one))
  const [one = 0, other = 0] = sides.map((side) => mean(side) ?? 0)
  const variance = sides.reduce((sum, side) => {
    const average = mean(side) ?? 0
    const squares = side.reduce((total, value) => total + (value - average) ** 2, 0)
    return sum + squares / (side.length - 1) / side.length
  }, 0)
  const half = 1.96 * Math.sqrt(variance)
  const estimate = other - one
  add(tally, { low: estimate - half, high: estimate + half, estimate, truth: truthOf(after) })
}

const emptyTally = (): Tally => ({ errors: [], widths: [], held: 0, runs: 0, injected: 0 })

async function measureCase(drift: string, injectedMs: number) {
  const simulator = await startServer([
    'simulate',
    '--ttft',
    'lognormal:2ms,0.1',
    '--token-time',
    '0',
    '--slowdown',
    '0',
    '--drift',
    drift,
  ])
  const upstream = ['proxy', '--upstream', simulator.origin]
  const plain = await startServer(upstream)
  const delayed = await startServer([
    ...upstream,
    '--inject-delay',
    `${injectedMs}ms`.replace(/^0ms$/, '0'),
  ])
  const origins = [plain.origin, delayed.origin]
  const tallies = { rounds: emptyTally(), sequential: emptyTally() }
  try {
    await measure(origins, 'rounds', 0)
    for (let run = 1; run <= RUNS; run += 1) {
      await measureRounds(origins, run, tallies.rounds)
      await measureSequential(origins, run, tallies.sequential)
    }
  } finally {
    await Promise.all([simulator, plain, delayed].map((server) => server.stop()))
  }
  return { drift, injectedMs, ...tallies }
}

const ms = (value: number) => `${value.toFixed(3)}ms`

function describe(tally: Tally) {
  const sorted = sortSample(tally.errors)
  const absolute = sortSample(tally.errors.map((error) => Math.abs(error)))
  const truth = tally.injected / tally.runs
  const bias = quantile(sorted, 0.5) ?? Number.NaN
  return {
    truthMs: truth,
    coverage: tally.held / tally.runs,
    biasMs: bias,
    biasShare: truth > 0 ? bias / truth : undefined,
    absoluteErrorMs: quantile(absolute, 0.5) ?? Number.NaN,
    widthMs: quantile(sortSample(tally.widths), 0.5) ?? Number.NaN,
  }
}

await warmUpSelf({
  createTransport: transportTo,
  request: requests[0] ?? { method: 'POST', headers: [], body: Buffer.from('{}') },
  durationMs: 2000,
  signal: new AbortController().signal,
})
const results = []
for (const drift of DRIFTS) {
  for (const injectedMs of INJECTED_MS) {
    const { rounds, sequential } = await measureCase(drift, injectedMs)
    const described = { rounds: describe(rounds), sequential: describe(sequential) }
    results.push({ drift, injectedMs, ...described })
    process.stderr.write(`${drift}, ${injectedMs} ms: ${JSON.stringify(described)}\n`)
  }
}
const rows = results.flatMap(({ drift, injectedMs, rounds, sequential }) =>
  Object.entries({ rounds, sequential }).map(([order, one]) => [
    drift,
    `${injectedMs}ms`,
    order,
    `${(one.coverage * 100).toFixed(1)}%`,
    ms(one.truthMs),
    ms(one.biasMs),
    one.biasShare === undefined ? 'n/a' : `${(one.biasShare * 100).toFixed(1)}%`,
    ms(one.absoluteErrorMs),
    ms(one.widthMs),
  ]),
)
const header = [
  'drift',
  'injected',
  'order',
  'holds the truth',
  'truth',
  'median error',
  'share',
  'median |error|',
  'median width',
]
process.stdout.write(
  `## Recovery of an injected delay (${RUNS} runs of ${REQUESTS} requests a side, mean)\n${markdownTable(header, rows)}\n`,
)
mkdirSync('bench/results', { recursive: true })
writeFileSync(
  flags['output-json'],
  `${JSON.stringify({ runs: RUNS, requests: REQUESTS, results }, undefined, 1)}\n`,
)
