import { mkdir, writeFile } from 'node:fs/promises'
import { cpus, loadavg } from 'node:os'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { type Figures, type Load, measure, startUpstream } from './client-workers/measure.ts'

// What a second client worker gives: throughput of two against one, on a zero-delay upstream in a process of its own.
// A figure never fails it; a lost request does.
const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    output: { type: 'string', default: 'bench/results/client-workers.json' },
  },
})
const rounds = values.quick ? 1 : 4
const loads: readonly Omit<Load, 'workers'>[] = [
  { client: 'lean', requests: values.quick ? 20_000 : 200_000, concurrency: 50 },
  { client: 'undici', requests: values.quick ? 10_000 : 100_000, concurrency: 50 },
]

// Threads that wait for a core others use show no gain: the ratio is to be read with this.
const [loadBefore = 0] = loadavg()
const upstream = await startUpstream()
const rows = []
try {
  for (const load of loads) rows.push(await compare(load))
} finally {
  await upstream.stop()
}

const machine = { node: process.version, cpus: cpus().length, model: cpus()[0]?.model ?? 'unknown' }
console.log(
  `Zero-delay upstream. Node ${machine.node}, ${machine.cpus} CPUs (load before: ${loadBefore.toFixed(1)}), ${rounds} rounds.\n`,
)
console.log(
  '| client | in flight | 1 worker | 2 workers | ratio | lowest | highest | p99 1 | p99 2 |',
)
console.log('|---|---:|---:|---:|---:|---:|---:|---:|---:|')
for (const { client, concurrency, one, two, ratio } of rows) {
  const cells = [
    client,
    concurrency,
    `${one.okRps.toFixed(0)}/s`,
    `${two.okRps.toFixed(0)}/s`,
    ratio.median.toFixed(2),
    ratio.lowest.toFixed(2),
    ratio.highest.toFixed(2),
    `${one.p99Ms.toFixed(2)}ms`,
    `${two.p99Ms.toFixed(2)}ms`,
  ]
  console.log(`| ${cells.join(' | ')} |`)
}
await mkdir(dirname(values.output), { recursive: true })
await writeFile(
  values.output,
  `${JSON.stringify({ machine, loadBefore, rounds, rows }, undefined, 2)}\n`,
)
console.log(`\nWritten: ${values.output}`)

/** One and two workers in turn, ABBA, so that a machine that slows down slows both. */
async function compare(load: Omit<Load, 'workers'>) {
  const pairs: { one: Figures; two: Figures }[] = []
  for (let round = 0; round < rounds; round += 1) {
    const run = (workers: number) => measure(upstream.origin, { ...load, workers })
    if (round % 2 === 0) pairs.push({ one: await run(1), two: await run(2) })
    else {
      const two = await run(2)
      pairs.push({ one: await run(1), two })
    }
  }
  const ratios = pairs.map(({ one, two }) => two.okRps / one.okRps)
  return {
    ...load,
    one: medianOf(pairs.map(({ one }) => one)),
    two: medianOf(pairs.map(({ two }) => two)),
    ratio: { median: median(ratios), lowest: Math.min(...ratios), highest: Math.max(...ratios) },
  }
}

function medianOf(figures: readonly Figures[]): Figures {
  return {
    okRps: median(figures.map(({ okRps }) => okRps)),
    p99Ms: median(figures.map(({ p99Ms }) => p99Ms)),
  }
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  const low = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN
  const high = sorted[Math.ceil((sorted.length - 1) / 2)] ?? Number.NaN
  return (low + high) / 2
}
