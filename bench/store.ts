import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { cpus, loadavg, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { makeRecord, type Observed, observe } from './store/observed.ts'

// What recording costs the proxy: records per second through the queue into a file, memory meanwhile, and the event
// loop's delay at a steady rate without a store, with one in memory, and with one in a file, in turn within one run.
// A figure never fails it; a lost record does.
const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '100000' },
    rate: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '4' },
    output: { type: 'string', default: 'bench/results/store.json' },
  },
})
const records = Number(values.records)
const rate = Number(values.rate)
const seconds = Number(values.seconds)
const rounds = Number(values.rounds)

/** No more is handed over while so many wait: the queue's bound is 10,000. */
const MOST_WAITING = 5000
const ARMS = ['none', 'memory', 'file'] as const
type Arm = (typeof ARMS)[number]

/** The event loop's delay within one block. */
interface Block {
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
}

const [loadBefore = 0] = loadavg()
const folder = await mkdtemp(join(tmpdir(), 'llmtrace-bench-store-'))
const lost: string[] = []
try {
  const throughput = await measureThroughput()
  const delays = await measureDelays()
  const machine = { node: process.version, cpus: cpus().length, model: cpus()[0]?.model }
  console.log(
    `Node ${machine.node}, ${machine.cpus} CPUs (load before: ${loadBefore.toFixed(1)}).\n`,
  )
  console.log(
    `${records} records of 1.2 kB into a file: ${throughput.perSecond.toFixed(0)}/s, ${throughput.bytesPerRecord.toFixed(0)} bytes each on disk.`,
  )
  console.log(`Resident memory by tenth, MB: ${throughput.residentMb.join(', ')}\n`)
  console.log(
    `Event loop's delay at ${rate} records/s, ${rounds} rounds of ${seconds} s, medians of the rounds:\n`,
  )
  console.log('| store | records | p50 | p99 | max |\n|---|---:|---:|---:|---:|')
  for (const { arm, n, p50Ms, p99Ms, maxMs } of delays) {
    const cells = [arm, n, ...[p50Ms, p99Ms, maxMs].map((ms) => `${ms.toFixed(2)}ms`)]
    console.log(`| ${cells.join(' | ')} |`)
  }
  const result = { machine, loadBefore, settings: values, throughput, delays, lost }
  await mkdir(dirname(values.output), { recursive: true })
  await writeFile(values.output, `${JSON.stringify(result, undefined, 2)}\n`)
  console.log(`\nWritten: ${values.output}`)
} finally {
  await rm(folder, { recursive: true })
}
for (const line of lost) console.error(line)
process.exitCode = lost.length > 0 ? 1 : 0

async function measureThroughput() {
  const file = join(folder, 'throughput.db')
  const observed = await observe({ kind: 'file', path: file })
  const residentMb: number[] = []
  const startedAt = performance.now()
  for (let done = 0; done < records;) {
    while (observed.counts().waiting > MOST_WAITING) await pause(1)
    for (const end = Math.min(records, done + 100); done < end; done += 1) {
      observed.record(makeRecord())
      if ((done + 1) % Math.ceil(records / 10) === 0) {
        residentMb.push(Math.round(process.memoryUsage.rss() / 1e6))
      }
    }
    await turn()
  }
  await finish(observed, 'throughput', records)
  const perSecond = (records / (performance.now() - startedAt)) * 1000
  return { perSecond, residentMb, bytesPerRecord: (await stat(file)).size / records }
}

async function measureDelays() {
  const arms = await Promise.all(ARMS.map((arm) => startArm(arm)))
  for (let round = 0; round < rounds; round += 1) {
    // Mirrored, so that a machine that slows down slows all.
    for (const arm of round % 2 === 0 ? arms : arms.toReversed()) {
      // A new one each time: the time between two blocks is no delay.
      const delay = monitorEventLoopDelay({ resolution: 1 })
      delay.enable()
      arm.n += await feed(arm.observed)
      delay.disable()
      arm.blocks.push({
        p50Ms: delay.percentile(50) / 1e6,
        p99Ms: delay.percentile(99) / 1e6,
        maxMs: delay.max / 1e6,
      })
    }
  }
  for (const { arm, observed, n } of arms) await finish(observed, arm, arm === 'none' ? 0 : n)
  return arms.map(({ arm, n, blocks }) => ({
    arm,
    n,
    p50Ms: median(blocks.map(({ p50Ms }) => p50Ms)),
    p99Ms: median(blocks.map(({ p99Ms }) => p99Ms)),
    maxMs: Math.max(...blocks.map(({ maxMs }) => maxMs)),
    blocks,
  }))
}

/** Of the blocks: one that other work fell into does not decide. */
function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

async function startArm(arm: Arm) {
  const file = join(folder, 'delay.db')
  const observed = await observe(arm === 'file' ? { kind: arm, path: file } : { kind: arm })
  return { arm, observed, n: 0, blocks: [] as Block[] }
}

/** Hands records over at the rate, for the time of a block; gives how many. */
async function feed({ record }: Observed): Promise<number> {
  const startedAt = performance.now()
  let n = 0
  for (;;) {
    const elapsedMs = performance.now() - startedAt
    if (elapsedMs > seconds * 1000) return n
    for (const due = (elapsedMs / 1000) * rate; n < due; n += 1) record(makeRecord())
    await pause(1)
  }
}

async function finish(observed: Observed, what: string, expected: number): Promise<void> {
  await observed.close()
  const { written } = observed.counts()
  if (written !== expected) lost.push(`${what}: ${written} of ${expected} records were kept`)
}
