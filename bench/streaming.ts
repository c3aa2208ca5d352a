import { mkdir, writeFile } from 'node:fs/promises'
import { cpus, loadavg } from 'node:os'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { median } from './client/median.ts'
import { type Bias, type OwnFigures, playBare, playOwn, playPaced } from './streaming/play.ts'
import { judgeStreaming, printStreaming, type StreamingFigures } from './streaming/report.ts'
import { startSimulator, startStreamServer } from './streaming/servers.ts'

// How our client reads streams: TTFT against the clocks of two servers, streams per second, CPU per stream beside a bare
// socket reader in the same run. Prints figures and goals, writes JSON. A figure never fails it; a lost stream does.
const FULL = { rounds: 3, paced: 2000, burst: 6000, selfWarmUpMs: 2000 }
const QUICK = { rounds: 1, paced: 200, burst: 400, selfWarmUpMs: 300 }
const IN_FLIGHT = 50

const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, output: { type: 'string' } },
})
const settings = values.quick ? QUICK : FULL
const output = values.output ?? 'bench/results/streaming.json'
const amounts = { inFlight: IN_FLIGHT, selfWarmUpMs: settings.selfWarmUpMs }
const machine = {
  node: process.version,
  cpus: cpus().length,
  // Of others: where it is not near 0, only the ratios mean something.
  loadBefore: loadavg()[0] ?? Number.NaN,
}

type Bare = Awaited<ReturnType<typeof playBare>>

interface Round {
  readonly bias: readonly (Bias & Pick<StreamingFigures['bias'][number], 'server' | 'client'>)[]
  readonly burst: OwnFigures
  readonly bare: Bare
  readonly barePaced: Bare
}

const server = await startStreamServer()
const simulator = await startSimulator()
const rounds: Round[] = []
try {
  for (let round = 0; round < settings.rounds; round += 1) {
    rounds.push(await playRound())
    console.error(`round ${round + 1} of ${settings.rounds}`)
  }
} finally {
  await server.stop()
  await simulator.stop()
}
const figures = medians()
const goals = judgeStreaming(figures)
const load = machine.loadBefore.toFixed(1)
console.log(`Node ${machine.node}, ${machine.cpus} CPUs, load before ${load}.\n`)
console.log(printStreaming(figures, goals))
await mkdir(dirname(output), { recursive: true })
const result = { machine, settings, goals, figures }
await writeFile(output, `${JSON.stringify(result, null, 2)}\n`)
console.log(`Written: ${output}`)

async function playRound(): Promise<Round> {
  const bias = []
  for (const one of [server, simulator]) {
    for (const client of ['lean', 'undici'] as const) {
      const seen = await playPaced(client, one, settings.paced, amounts)
      bias.push({ server: one.kind, client, ...seen })
    }
  }
  const burst = await playOwn('lean', server.burstUrl, settings.burst, amounts)
  const bare = await playBare(server.burstUrl, settings.burst, IN_FLIGHT)
  const barePaced = await playBare(server.pacedUrl, settings.paced, IN_FLIGHT)
  await server.takeTtft()
  return { bias, burst, bare, barePaced }
}

function medians(): StreamingFigures {
  const over = (pick: (round: Round) => number | undefined) =>
    median(rounds.flatMap((round) => pick(round) ?? [])) ?? Number.NaN
  const [first] = rounds
  return {
    bias: (first?.bias ?? []).map(({ server: kind, client }, index) => ({
      server: kind,
      client,
      p50: over((round) => round.bias[index]?.p50),
      p95: over((round) => round.bias[index]?.p95),
      p99: over((round) => round.bias[index]?.p99),
    })),
    streamsPerS: over(({ burst }) => burst.streamsPerS),
    bareStreamsPerS: over(({ bare }) => bare.streamsPerS),
    cpuUsPerStream: over(({ burst }) => burst.cpuUsPerStream),
    bareCpuUsPerStream: over(({ bare }) => bare.cpuUsPerStream),
    chunksPerRead: over(({ burst }) => burst.chunksPerRead),
    pacedCpuUsPerStream: over(({ bias }) => bias[0]?.cpuUsPerStream),
    barePacedCpuUsPerStream: over(({ barePaced }) => barePaced.cpuUsPerStream),
  }
}
