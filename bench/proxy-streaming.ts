import { mkdirSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { markdownTable } from '../src/report/markdown-table.ts'
import { quantile, sortSample } from '../src/stats/quantile.ts'
import { startServerProcess, type ServerProcess } from './client/server-process.ts'
import { closeConnections, readDelays, type StreamDelays } from './proxy-streaming/read-delays.ts'

/**
 * How long an event is under way from the model's write to the client's read: directly, through the tap, and through the
 * proxy. All of them in turn, round by round, so that what else the machine does befalls all alike. Goal: through the
 * proxy, p99 at most 1 ms later than directly, and as many reads: nothing is held back to be sent together.
 */
const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '6' },
    'in-flight': { type: 'string', default: '4' },
    events: { type: 'string', default: '100' },
    'gap-ms': { type: 'string', default: '5' },
    'output-json': { type: 'string', default: 'bench/results/proxy-streaming.json' },
  },
})
const ROUNDS = Number(flags.rounds)
const IN_FLIGHT = Number(flags['in-flight'])
const SETTINGS = { events: Number(flags.events), gapMs: Number(flags['gap-ms']) }
const GOAL_MS = 1
const MAIN = new URL('../dist/cli/main.js', import.meta.url).pathname
const UPSTREAM = new URL('proxy-streaming/stamping-upstream.ts', import.meta.url).pathname

const servers: ServerProcess[] = []

async function startServer(args: readonly string[]): Promise<string> {
  const server = startServerProcess(process.execPath, args)
  servers.unshift(server)
  const [, url = ''] = await server.waitFor(/listening on (\S+)/)
  return url
}

const served = (name: string, upstream: string) =>
  startServer([MAIN, name, '--port', '0', '--stop-with-parent', '--upstream', upstream])

async function round(url: string): Promise<StreamDelays[]> {
  return Promise.all(Array.from({ length: IN_FLIGHT }, () => readDelays(url, SETTINGS)))
}

function figuresOf(streams: readonly StreamDelays[]) {
  const sorted = sortSample(streams.flatMap(({ delaysMs }) => [...delaysMs]))
  const at = (p: number) => quantile(sorted, p) ?? Number.NaN
  const reads = streams.reduce((sum, stream) => sum + stream.reads, 0)
  return {
    events: sorted.length,
    p50: at(0.5),
    p99: at(0.99),
    readsPerEvent: reads / sorted.length,
  }
}

try {
  const direct = await startServer(['--import', 'tsx', UPSTREAM])
  const urls = { direct, tap: await served('tap', direct), proxy: await served('proxy', direct) }
  const routes = Object.keys(urls) as (keyof typeof urls)[]
  const streams = { direct: [], tap: [], proxy: [] } as Record<keyof typeof urls, StreamDelays[]>
  // The first round is not counted: nothing is compiled yet.
  for (let index = 0; index <= ROUNDS; index += 1) {
    const order = index % 2 === 0 ? routes : routes.toReversed()
    for (const route of order) {
      const read = await round(urls[route])
      if (index > 0) streams[route].push(...read)
    }
  }
  const baseline = figuresOf(streams.direct)
  const results = routes.map((route) => ({ route, ...figuresOf(streams[route]) }))
  const ms = (value: number) => `${value.toFixed(3)}ms`
  const rows = results.map(({ route, events, p50, p99, readsPerEvent }) => [
    route,
    String(events),
    ms(p50),
    ms(p99),
    route === 'direct' ? '' : ms(p50 - baseline.p50),
    route === 'direct' ? '' : ms(p99 - baseline.p99),
    readsPerEvent.toFixed(3),
    route === 'direct' ? '' : p99 - baseline.p99 <= GOAL_MS ? 'reached' : 'not reached',
  ])
  const header = ['route', 'events', 'p50', 'p99', 'p50 added', 'p99 added', 'reads/event', 'goal']
  process.stdout.write(
    `## From the model's write to the client's read\n${markdownTable(header, rows)}\n`,
  )
  mkdirSync('bench/results', { recursive: true })
  const written = { ...SETTINGS, rounds: ROUNDS, inFlight: IN_FLIGHT, results }
  writeFileSync(flags['output-json'], `${JSON.stringify(written, undefined, 1)}\n`)
} finally {
  closeConnections()
  for (const server of servers) await server.stop()
}
