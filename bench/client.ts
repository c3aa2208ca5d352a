import { mkdir, writeFile } from 'node:fs/promises'
import { cpus, loadavg } from 'node:os'
import { dirname } from 'node:path'
import { measureBias } from './client/bias.ts'
import { isInstalled } from './client/command.ts'
import { judge } from './client/goals.ts'
import { measureHelpTime } from './client/help-time.ts'
import { measureMemory } from './client/memory.ts'
import { printFigures } from './client/report.ts'
import { readSettings } from './client/settings.ts'
import { measureThroughput } from './client/throughput.ts'
import { startClockServer, startSimulator } from './client/timed-servers.ts'
import { startUpstream } from './client/upstream.ts'

// Our client against its peers and against the server's own clock. Prints ratios and goals, writes JSON. A figure
// never fails it; a lost request does.
const settings = readSettings(process.argv.slice(2), process.env)
const hasWrk = await isInstalled('wrk')
if (!hasWrk && settings.requireAll) throw new Error('wrk is not installed: apt-get install wrk')
const skipped = hasWrk ? [] : [{ client: 'wrk', reason: 'not installed: apt-get install wrk' }]
const peers = { hasWrk, tell: (line: string) => console.error(line) }

const machine = {
  node: process.version,
  cpus: cpus().length,
  model: cpus()[0]?.model ?? 'unknown',
  // Of others: where it is not near 0, only the ratios mean something.
  loadBefore: loadavg()[0] ?? Number.NaN,
}
const help = await measureHelpTime(settings.helpRuns)

const upstream = await startUpstream(settings.requireAll)
const { throughput, memory } = await stopAfter(upstream, async () => ({
  throughput: await measureThroughput(settings, upstream, peers),
  memory: await measureMemory(settings, upstream),
}))

const clockServer = await startClockServer()
const clock = await stopAfter(clockServer, () => measureBias(settings, clockServer, peers))
const simulator = await startSimulator()
const simulated = await stopAfter(simulator, () => measureBias(settings, simulator, peers))

const figures = {
  throughput: throughput.rows,
  bias: [...clock.rows, ...simulated.rows],
  memory,
  help,
}
const goals = judge(figures)
const wrongCounts = [throughput, memory, clock, simulated].flatMap((part) => part.wrongCounts)
console.log(
  `Zero-delay upstream: ${upstream.kind}. Node ${machine.node}, ${machine.cpus} CPUs, load before ${machine.loadBefore.toFixed(1)}.\n`,
)
console.log(printFigures(figures, goals))
for (const { client, reason } of skipped) console.log(`Skipped: ${client}, ${reason}`)
for (const wrong of wrongCounts) console.log(`Wrong count: ${wrong}`)

const result = {
  machine,
  upstream: upstream.kind,
  settings,
  skipped,
  wrongCounts,
  goals,
  ...figures,
}
await mkdir(dirname(settings.output), { recursive: true })
await writeFile(settings.output, `${JSON.stringify(result, null, 2)}\n`)
console.log(`Written: ${settings.output}`)
process.exitCode = wrongCounts.length > 0 ? 1 : 0

async function stopAfter<T>(server: { stop(): Promise<void> }, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } finally {
    await server.stop()
  }
}
