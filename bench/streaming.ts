import { mkdir, writeFile } from 'node:fs/promises'
import { cpus, loadavg } from 'node:os'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { markdownTable } from '../src/report/markdown-table.ts'
import { quantile, sortSample } from '../src/stats/quantile.ts'
import { median } from './client/median.ts'
import { startServerProcess } from './client/server-process.ts'
import { runWorker } from './client/worker.ts'
import type { BareBlock } from './streaming/bare-worker.ts'
import type { StreamBlock, StreamTask, StreamTimes } from './streaming/own-worker.ts'
import type { Path } from './streaming/workload.ts'

// How our client reads streams: TTFT against the server's own clock, streams per second, CPU per stream beside a bare
// socket reader. Prints figures and goals, writes JSON. A figure never fails it; a lost stream does.
const FULL = {
  rounds: 3,
  inFlight: 50,
  pacedRequests: 2000,
  burstRequests: 6000,
  selfWarmUpMs: 2000,
}
const QUICK = { rounds: 1, inFlight: 50, pacedRequests: 200, burstRequests: 400, selfWarmUpMs: 300 }

interface Round {
  readonly lean: Awaited<ReturnType<typeof playPaced>>
  readonly undici: Awaited<ReturnType<typeof playPaced>>
  readonly burst: Awaited<ReturnType<typeof playOwn>>
  readonly bare: Awaited<ReturnType<typeof playBare>>
  readonly barePaced: Awaited<ReturnType<typeof playBare>>
}

const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, output: { type: 'string' } },
})
const settings = values.quick ? QUICK : FULL
const output = values.output ?? 'bench/results/streaming.json'
const loadBefore = loadavg()[0] ?? Number.NaN

const module = fileURLToPath(new URL('streaming/stream-server.ts', import.meta.url))
const server = startServerProcess(process.execPath, ['--import', 'tsx', module])
const [, origin = ''] = await server.waitFor(/listening on (\S+)/)
const wrongCounts: string[] = []
const rounds: Round[] = []
try {
  for (let round = 0; round < settings.rounds; round += 1) {
    const lean = await playPaced('lean')
    const undici = await playPaced('undici')
    const burst = await playOwn('lean', '/burst', settings.burstRequests)
    await takeTimes()
    const bare = await playBare('/burst', settings.burstRequests)
    const barePaced = await playBare('/paced', settings.pacedRequests)
    await takeTimes()
    rounds.push({ lean, undici, burst, bare, barePaced })
    console.error(`round ${round + 1} of ${settings.rounds}`)
  }
} finally {
  await server.stop()
}

const over = (pick: (round: Round) => number) => median(rounds.map(pick)) ?? NaN
const figures = {
  ttftBiasMs: {
    lean: [over(({ lean }) => lean.p50), over(({ lean }) => lean.p99)],
    undici: [over(({ undici }) => undici.p50), over(({ undici }) => undici.p99)],
  },
  streamsPerS: over(({ burst }) => burst.streamsPerS),
  bareStreamsPerS: over(({ bare }) => bare.streamsPerS),
  cpuUsPerStream: over(({ burst }) => burst.cpuUsPerStream),
  bareCpuUsPerStream: over(({ bare }) => bare.cpuUsPerStream),
  chunksPerRead: over(({ burst }) => burst.chunksPerRead),
  // Chunk by chunk, as a model sends them.
  pacedCpuUsPerStream: over(({ lean }) => lean.cpuUsPerStream),
  barePacedCpuUsPerStream: over(({ barePaced }) => barePaced.cpuUsPerStream),
}
const cpuRatio = figures.cpuUsPerStream / figures.bareCpuUsPerStream
const goals = [
  atMost('TTFT bias p50 at 50 streams, lean, ms', 0.4, figures.ttftBiasMs.lean[0]),
  atMost('TTFT bias p99 at 50 streams, lean, ms', 1.5, figures.ttftBiasMs.lean[1]),
  {
    name: 'streams/s of 50 chunks from one core',
    wanted: 'at least 1500',
    measured: figures.streamsPerS.toFixed(0),
    reached: figures.streamsPerS >= 1500,
  },
]
console.log(
  `Node ${process.version}, ${cpus().length} CPUs, load before ${loadBefore.toFixed(1)}.\n\n${report()}`,
)
for (const wrong of wrongCounts) console.log(`Wrong count: ${wrong}`)
await mkdir(dirname(output), { recursive: true })
const result = {
  settings,
  loadBefore,
  figures: { ...figures, cpuRatio },
  goals,
  wrongCounts,
  rounds,
}
await writeFile(output, `${JSON.stringify(result, null, 2)}\n`)
console.log(`Written: ${output}`)
process.exitCode = wrongCounts.length > 0 ? 1 : 0

async function playOwn(
  client: StreamTask['client'],
  path: Path,
  requests: number,
): Promise<StreamTimes & { streamsPerS: number; cpuUsPerStream: number; chunksPerRead: number }> {
  const { inFlight, selfWarmUpMs } = settings
  const task = { client, url: `${origin}${path}`, inFlight, requests, selfWarmUpMs }
  const url = new URL('streaming/own-worker.ts', import.meta.url)
  const times = await runWorker<StreamBlock>(url, task)
  if (times.ok !== requests || times.chunks !== requests * 50) {
    wrongCounts.push(`${client} ${path}: ${times.ok} of ${requests} ok, ${times.chunks} chunks`)
  }
  return {
    ...times,
    streamsPerS: (times.ok * 1000) / times.durationMs,
    cpuUsPerStream: (times.cpuMs * 1000) / times.ok,
    chunksPerRead: times.chunks / times.contentReads,
  }
}

/** Our quantiles of TTFT less those of the server's own clock. */
async function playPaced(client: StreamTask['client']) {
  const own = await playOwn(client, '/paced', settings.pacedRequests)
  const told = await takeTimes()
  if (told.length !== own.sentInAll) {
    wrongCounts.push(`${client}: the server counted ${told.length} of ${own.sentInAll} streams`)
  }
  const [mine, theirs] = [sortSample(own.ttftMs), sortSample(told)]
  const bias = (p: number) => (quantile(mine, p) ?? NaN) - (quantile(theirs, p) ?? NaN)
  return { p50: bias(0.5), p95: bias(0.95), p99: bias(0.99), cpuUsPerStream: own.cpuUsPerStream }
}

async function playBare(path: Path, requests: number) {
  const { inFlight } = settings
  const url = new URL('streaming/bare-worker.ts', import.meta.url)
  const task = { url: `${origin}${path}`, inFlight, requests }
  const { ok, durationMs, cpuMs } = await runWorker<BareBlock>(url, task)
  if (ok !== requests) wrongCounts.push(`bare reader ${path}: ${ok} of ${requests} ok`)
  return { streamsPerS: (ok * 1000) / durationMs, cpuUsPerStream: (cpuMs * 1000) / ok }
}

async function takeTimes(): Promise<number[]> {
  return (await (await fetch(`${origin}/times`)).json()) as number[]
}

function atMost(name: string, limit: number, measured = Number.NaN) {
  return {
    name,
    wanted: `at most ${limit}`,
    measured: measured.toFixed(2),
    reached: measured <= limit,
  }
}

function report(): string {
  const { ttftBiasMs, streamsPerS, bareStreamsPerS, cpuUsPerStream, bareCpuUsPerStream } = figures
  const pair = (values2: readonly number[]) => values2.map((ms) => ms.toFixed(2)).join(' / ')
  return [
    "## TTFT beyond the server's own clock, ms at p50 / p99, 50 streams",
    markdownTable(
      ['client', 'bias'],
      [
        ['ours, lean', pair(ttftBiasMs.lean)],
        ['ours, undici', pair(ttftBiasMs.undici)],
      ],
    ),
    '## Streams of 50 chunks: CPU, and how many of them without a delay of the server',
    markdownTable(
      ['client', 'streams/s', 'CPU us', 'of bare', 'chunk by chunk, CPU us', 'of bare'],
      [
        [
          'ours, lean',
          streamsPerS.toFixed(0),
          cpuUsPerStream.toFixed(0),
          cpuRatio.toFixed(2),
          figures.pacedCpuUsPerStream.toFixed(0),
          (figures.pacedCpuUsPerStream / figures.barePacedCpuUsPerStream).toFixed(2),
        ],
        [
          'bare socket reader',
          bareStreamsPerS.toFixed(0),
          bareCpuUsPerStream.toFixed(0),
          '1.00',
          figures.barePacedCpuUsPerStream.toFixed(0),
          '1.00',
        ],
      ],
    ),
    `Without a delay ours read ${figures.chunksPerRead.toFixed(1)} content chunks a read. By CPU time, whatever else the machine does: ${(1e6 / cpuUsPerStream).toFixed(0)} streams/s from one core.`,
    '## Goals',
    markdownTable(
      ['goal', 'wanted', 'measured', ''],
      goals.map(({ name, wanted, measured, reached }) => [
        name,
        wanted,
        measured,
        reached ? 'reached' : 'not reached',
      ]),
    ),
    '',
  ].join('\n\n')
}
