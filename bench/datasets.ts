// Loads the core suite, and streams a file of a million rows, each in a process of its own: time, MB/s and memory,
// beside what merely parsing the same lines takes in the same run. A figure never fails it.
import { fork } from 'node:child_process'
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { cpus, loadavg, tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Answer, Streaming, Task } from './datasets/worker.ts'
import { writeRows } from './datasets/write-rows.ts'

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '3' },
    output: { type: 'string', default: 'bench/results/datasets.json' },
  },
})
const ROWS = Number(values.rows)
const ROUNDS = Number(values.rounds)
const STREAMING: readonly Streaming[] = ['plain', 'readline', 'limit', 'shuffle']
const CORE_GOAL_MS = 50
const STREAM_GOAL = 200

function measure(task: Task): Promise<Answer> {
  return new Promise((done, reject) => {
    const child = fork(new URL('datasets/worker.ts', import.meta.url), { timeout: 300_000 })
    let answer: Answer | undefined
    child.once('message', (message) => {
      answer = message as Answer
    })
    child.once('error', reject)
    child.once('exit', (code) => {
      if (answer === undefined) reject(new Error(`the worker for ${task.kind} ended with ${code}`))
      else done(answer)
    })
    child.send(task)
  })
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((one, other) => one - other)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** In rounds, so that what else the machine does meets all of them alike. */
async function measureStreams(path: string) {
  const answers = new Map<Streaming, Answer[]>(STREAMING.map((kind) => [kind, []]))
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const kind of STREAMING) {
      const answer = await measure({ kind, path })
      if (answer.rows !== ROWS) throw new Error(`${kind} read ${answer.rows} of ${ROWS} rows`)
      answers.get(kind)?.push(answer)
    }
  }
  const megabytes = (await stat(path)).size / 1e6
  const plain = answers.get('plain')?.map(({ ms }) => ms[0] ?? Number.NaN) ?? []
  return Array.from(answers, ([kind, given]) => {
    const seconds = given.map(({ ms }) => (ms[0] ?? Number.NaN) / 1000)
    return {
      kind,
      megabytes,
      megabytesPerSecond: megabytes / median(seconds),
      // Round by round: neighbours in time.
      ofPlain: median(seconds.map((one, round) => (plain[round] ?? Number.NaN) / 1000 / one)),
      startMb: median(given.map(({ startMb }) => startMb)),
      peakMb: Math.max(...given.map(({ peakMb }) => peakMb)),
    }
  })
}

const folder = await mkdtemp(join(tmpdir(), 'llmtrace-bench-'))
try {
  const core = await measure({
    kind: 'core',
    folder: resolve(import.meta.dirname, '..'),
    repeats: 20,
  })
  const [coldMs = Number.NaN, ...warm] = core.ms
  const path = join(folder, 'rows.jsonl')
  await writeRows(path, ROWS)
  const streams = await measureStreams(path)
  const machine = {
    node: process.version,
    cpus: cpus().length,
    model: cpus()[0]?.model ?? 'unknown',
    // Of others: where it is high, only the ratios mean something.
    load: loadavg()[0],
  }
  console.log(
    `core: ${core.rows} rows loaded and filtered in ${coldMs.toFixed(1)} ms the first time, ${median(warm).toFixed(1)} ms after; goal ${CORE_GOAL_MS} ms`,
  )
  console.log(
    `JSONL of ${ROWS} rows; goal ${STREAM_GOAL} MB/s; plain is reading lines and JSON.parse,\nwhich limits whoever checks every row\n`,
  )
  console.log('| what | MB/s | of plain | start MB | peak MB |\n|---|---:|---:|---:|---:|')
  for (const { kind, megabytesPerSecond, ofPlain, startMb, peakMb } of streams) {
    console.log(
      `| ${kind} | ${megabytesPerSecond.toFixed(0)} | ${ofPlain.toFixed(2)} | ${startMb.toFixed(0)} | ${peakMb.toFixed(0)} |`,
    )
  }
  const result = { machine, rows: ROWS, rounds: ROUNDS, core: { ...core, coldMs }, streams }
  await mkdir(dirname(values.output), { recursive: true })
  await writeFile(values.output, `${JSON.stringify(result, undefined, 2)}\n`)
  console.log(`\nWritten: ${values.output}`)
} finally {
  await rm(folder, { recursive: true })
}
