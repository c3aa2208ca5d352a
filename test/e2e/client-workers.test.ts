import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Measurement, SampleColumns } from '../../src/model/measurement.ts'
import { OUTCOMES } from '../../src/model/outcome.ts'
import { readRunFile } from '../../src/results/run-file-reader.ts'
import {
  type RunningSimulator,
  startSimulator,
} from '../../src/servers/simulator/start-simulator.ts'
import type { SimulatorOptions } from '../../src/servers/simulator/simulator-options.ts'
import { ROOT, runCommand, startCommand } from '../helpers/run-command.ts'

const folder = mkdtempSync(join(tmpdir(), 'llmtrace-bench-'))
const dataset = join(folder, 'prompts.json')
const running: RunningSimulator[] = []

beforeAll(() => {
  const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
  const rows = ids.map((id) => ({ id, text: `text ${id}`, label: 'benign' }))
  writeFileSync(dataset, JSON.stringify(rows))
})
afterEach(async () => {
  for (const server of running.splice(0)) await server.close(0)
})
afterAll(() => rmSync(folder, { recursive: true }))

async function simulate(options: Partial<SimulatorOptions> = {}) {
  const simulator = await startSimulator(options)
  running.push(simulator)
  return { simulator, chat: `${simulator.url}/v1/chat/completions` }
}

const words = (text: string) => text.split(' ')

const QUICK = words('--model m --no-self-warmup')
const PROMPTS = ['--dataset-file', dataset]

interface Arrived {
  readonly caseId?: string
  readonly fault?: string
  readonly aborted: boolean
}

async function logOf({ url }: RunningSimulator): Promise<Arrived[]> {
  const log = await (await fetch(`${url}/simulator/log?limit=100000`)).json()
  return (log as { entries: Arrived[] }).entries
}

function countBy(names: readonly (string | undefined)[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const name of names) counts[name ?? ''] = (counts[name ?? ''] ?? 0) + 1
  return counts
}

function readRun(path: string): readonly Measurement[] {
  return readRunFile(path, readFileSync(path)).measurements
}

function bySequence(samples: SampleColumns, column: 'promptIndex' | 'round' | 'sequence') {
  const rows = Array.from({ length: samples.length }, (_, row) => row)
  const sorted = rows.toSorted((a, b) => (samples.sequence[a] ?? 0) - (samples.sequence[b] ?? 0))
  return sorted.map((row) => samples[column][row])
}

/** When an open loop meant to send, from its first arrival; in a closed loop not a number. */
function scheduleOf({ intendedAt }: SampleColumns): string[] {
  const sorted = intendedAt.toSorted()
  return Array.from(sorted, (at) => (at - (sorted[0] ?? 0)).toFixed(6))
}

function outcomesOf({ samples }: Measurement): Record<string, number> {
  return countBy([...samples.outcome].map((index) => OUTCOMES[index]))
}

/** What of a run may not depend on how many workers share it. */
async function runWith(workers: number, args: readonly string[]) {
  const { simulator, chat } = await simulate({ ttft: { kind: 'fixed', ms: 1 } })
  const file = join(folder, `run-${workers}`)
  const urls = args.map((arg) => arg.replace('SIMULATOR', chat))
  const { code, stdout } = await runCommand([
    ...urls,
    ...QUICK,
    ...PROMPTS,
    '--client-workers',
    String(workers),
    '--run-file',
    file,
  ])
  const shape = {
    code,
    arrived: countBy((await logOf(simulator)).map(({ caseId }) => caseId)),
    measured: readRun(file).map((one) => ({
      endpoint: one.endpoint,
      level: one.level,
      rounds: one.rounds,
      loads: one.clientLoads.length,
      facts: one.facts.length,
      outcomes: outcomesOf(one),
      sequences: bySequence(one.samples, 'sequence'),
      prompts: bySequence(one.samples, 'promptIndex'),
      roundOf: bySequence(one.samples, 'round'),
      schedule: scheduleOf(one.samples),
    })),
  }
  return { shape, stdout, measurements: readRun(file) }
}

const ONE = ['--url', 'SIMULATOR']
const TWO = ['--direct-url', 'SIMULATOR', '--proxy-url', 'SIMULATOR']

const MODES: Readonly<Record<string, readonly string[]>> = {
  'closed loop': [...ONE, ...words('--requests 101 --concurrency 7')],
  'a sweep from one request in flight': [
    ...ONE,
    ...words('--requests 30 --concurrency-list 1,2,8'),
  ],
  rounds: [...TWO, ...words('--requests 60 --concurrency 5')],
  paired: [...TWO, ...words('--requests 60 --concurrency 5 --order paired')],
  concurrent: [...TWO, ...words('--requests 60 --concurrency 5 --order concurrent')],
  'a noise floor': [...TWO, ...words('--requests 40 --concurrency 4 --noise-floor')],
  'open loop': [...ONE, ...words('--requests 80 --rate 400 --max-in-flight 16')],
  jitter: [...ONE, ...words('--requests 30 --concurrency 6 --jitter-ms 5')],
  'given warm-up': [...ONE, ...words('--requests 20 --concurrency 5 --warmup-requests 13')],
  undici: [...ONE, ...words('--requests 60 --concurrency 5 --client undici')],
  'connections not kept': [...ONE, ...words('--requests 40 --concurrency 5 --no-keepalive')],
}

describe('two and three workers measure what one does', () => {
  test.each(Object.entries(MODES))('%s', async (_, args) => {
    const [one, ...others] = [
      await runWith(1, args),
      await runWith(2, args),
      await runWith(3, args),
    ]
    expect(one?.shape.code).toBe(0)
    const [first] = one?.shape.measured ?? []
    expect(first?.sequences).toEqual(first?.sequences.map((__, index) => index))
    for (const { shape, measurements } of others) {
      expect(shape).toEqual(one?.shape)
      for (const { samples } of measurements) {
        expect([...samples.endedAt]).toEqual(Array.from(samples.endedAt.toSorted()))
        const early = samples.sentAt.filter((at, row) => at < (samples.intendedAt[row] ?? 0))
        expect([...early]).toEqual([])
      }
    }
  })

  test('the report tells how many took part, no more than there are requests in flight', async () => {
    const { stdout } = await runWith(3, [...ONE, ...words('--requests 20 --concurrency 2')])
    expect(stdout).toContain('\nClient workers: 2\n')
    const alone = await runWith(3, [...ONE, ...words('--requests 20 --concurrency 1')])
    expect(alone.stdout).not.toContain('Client workers')
  })

  test('each worker warms itself up without touching the endpoint', async () => {
    const { simulator, chat } = await simulate()
    const args = ['--url', chat, '--model', 'm', '--requests', '9', '--concurrency', '3']
    const { code, stdout } = await runCommand([...args, '--client-workers', '3'])
    expect(code).toBe(0)
    expect(stdout).not.toContain('not warmed up')
    expect(await logOf(simulator)).toHaveLength(9 + 3)
  })
})

describe('failures are data', () => {
  test('a storm of them is counted as the server made them', async () => {
    const faultRates = { reset: 0.15, half: 0.15, '429': 0.1, '500': 0.2, badjson: 0.1 }
    const { simulator, chat } = await simulate({ faultRates, ttft: { kind: 'fixed', ms: 1 } })
    const file = join(folder, 'storm')
    const { code, stdout } = await runCommand([
      '--url',
      chat,
      ...QUICK,
      ...words('--warmup-requests 0 --requests 1500 --concurrency 12 --client-workers 3'),
      '--run-file',
      file,
    ])
    const [measurement] = readRun(file)
    if (measurement === undefined) throw new Error('nothing was measured')
    const { ok = 0, ...failures } = outcomesOf(measurement)
    const made = countBy((await logOf(simulator)).map(({ fault }) => fault))
    expect(code).toBe(0)
    expect(measurement.samples.length).toBe(1500)
    expect(failures).toEqual({
      reset: made['reset'],
      truncated: made['half'],
      throttled: made['429'],
      'http-error': made['500'],
    })
    expect(ok).toBe((made['badjson'] ?? 0) + (made[''] ?? 0))
    expect(measurement.errorExamples.length).toBeGreaterThanOrEqual(4)
    expect(stdout).toContain('Not ok')
  })

  test('what hangs is timed out, in whichever worker', async () => {
    const { chat } = await simulate({ faultRates: { hang: 1 } })
    const file = join(folder, 'hang')
    const limit = ['--timeout-seconds', '0.3', '--warmup-requests', '0']
    const load = ['--requests', '9', '--concurrency', '3', '--client-workers', '3']
    await runCommand(['--url', chat, ...QUICK, ...limit, ...load, '--run-file', file])
    expect(readRun(file).map((one) => outcomesOf(one))).toEqual([{ 'timed-out': 9 }])
  })
})

describe('a run that does not reach its end', () => {
  const LONG = ['--requests', '100000', '--concurrency', '6', '--client-workers', '3']

  test('Ctrl-C stops all workers and keeps what there is', async () => {
    const { simulator, chat } = await simulate({ ttft: { kind: 'fixed', ms: 30 } })
    const file = join(folder, 'stopped')
    const args = ['--url', chat, ...QUICK, ...LONG, '--progress-every', '10', '--run-file', file]
    const started = startCommand(args)
    await expect.poll(() => started.output(), { timeout: 10_000 }).toContain('20/100000')
    started.child.kill('SIGINT')
    const { code, stdout } = await started.finished
    expect(code).toBe(130)
    expect(stdout).toContain('(partial)')
    const [measurement] = readRun(file)
    if (measurement === undefined) throw new Error('nothing was kept')
    const { ok = 0, cancelled = 0, ...others } = outcomesOf(measurement)
    expect(others).toEqual({})
    expect(ok).toBeGreaterThanOrEqual(20)
    expect(cancelled).toBeGreaterThan(0)
    expect(cancelled).toBeLessThanOrEqual(6)
    const sequences = [...measurement.samples.sequence].toSorted((a, b) => a - b)
    expect(sequences).toEqual(sequences.map((_, index) => index))
    // The wave of warm-up was served too, and what was cancelled may not have arrived.
    const arrived = (await logOf(simulator)).length
    expect(arrived).toBeGreaterThanOrEqual(ok + 6)
    expect(arrived).toBeLessThanOrEqual(ok + 6 + cancelled)
  })

  test('Ctrl-C during the self-warm-up ends it', async () => {
    const { simulator, chat } = await simulate()
    const started = startCommand(['--url', chat, '--model', 'm', ...LONG])
    await expect.poll(() => started.output(), { timeout: 10_000 }).toContain('Client workers: 3')
    started.child.kill('SIGINT')
    expect((await started.finished).code).toBe(130)
    expect(await logOf(simulator)).toEqual([])
  })

  test('when killed, its run file has the rows so far', async () => {
    const { chat } = await simulate({ ttft: { kind: 'fixed', ms: 5 } })
    const file = join(folder, 'killed')
    const started = startCommand(['--url', chat, ...QUICK, ...LONG, '--run-file', file])
    const rows = () => (existsSync(file) && readFileSync(file).length > 0 ? rowsOf(file) : 0)
    await expect.poll(rows, { timeout: 10_000 }).toBeGreaterThan(100)
    started.child.kill('SIGKILL')
    await started.finished
    const { code, stdout } = await runCommand(['report', file])
    expect(code).toBe(0)
    expect(stdout).toContain('Client workers: 3')
  })

  test('a worker that crashes ends it with the stack', async () => {
    const { chat } = await simulate({ ttft: { kind: 'fixed', ms: 5 } })
    const bomb = join(folder, 'bomb.cjs')
    writeFileSync(
      bomb,
      `const { isMainThread } = require('node:worker_threads')
       function explode() { throw new Error('thread broke') }
       if (!isMainThread) setTimeout(explode, 700)`,
    )
    const env = { NODE_OPTIONS: `--require ${bomb}` }
    const { code, stderr } = await runCommand(['--url', chat, ...QUICK, ...LONG], { env })
    expect(code).toBe(1)
    expect(stderr).toMatch(/Error: thread broke\n +at .*explode/)
  })
})

function rowsOf(file: string): number {
  return readRun(file)[0]?.samples.length ?? 0
}

describe('one clock', () => {
  test('a worker’s stamps lie between those that the main thread takes around them', async () => {
    const module = pathToFileURL(join(ROOT, 'dist/engine/run-clock.js')).href
    const { clockOrigin } = (await import(module)) as typeof import('../../src/engine/run-clock.ts')
    const turn = new Int32Array(new SharedArrayBuffer(4))
    const stamp = new Float64Array(new SharedArrayBuffer(8))
    // Its own clock begins later than ours, so that uncorrected stamps would be far out.
    const code = `
      const { workerData: { module, origin, turn, stamp } } = require('node:worker_threads')
      import(module).then(({ clockSince }) => {
        const now = clockSince(origin)
        Atomics.store(turn, 0, 2)
        Atomics.notify(turn, 0)
        for (;;) {
          Atomics.wait(turn, 0, 2)
          if (Atomics.load(turn, 0) === 9) return
          stamp[0] = now()
          Atomics.store(turn, 0, 2)
          Atomics.notify(turn, 0)
        }
      })`
    const workerData = { module, origin: clockOrigin(), turn, stamp }
    const worker = new Worker(code, { eval: true, workerData })
    await expect.poll(() => Atomics.load(turn, 0), { timeout: 10_000 }).toBe(2)
    let narrowest = Infinity
    let furthestOut = -Infinity
    // A busy machine makes most tries wide, and wide ones tell little: go on until one was narrow.
    for (let tries = 0; tries < 100_000 && (tries < 1000 || narrowest > 0.3); tries += 1) {
      const before = performance.now()
      Atomics.store(turn, 0, 1)
      Atomics.notify(turn, 0)
      Atomics.wait(turn, 0, 1)
      const after = performance.now()
      const at = stamp[0] ?? Number.NaN
      narrowest = Math.min(narrowest, after - before)
      furthestOut = Math.max(furthestOut, before - at, at - after)
    }
    Atomics.store(turn, 0, 9)
    Atomics.notify(turn, 0)
    await worker.terminate()
    expect(narrowest).toBeLessThan(0.3)
    expect(furthestOut).toBeLessThan(0.05)
  })
})

describe('the token', () => {
  test('reaches the server, and appears in no output, no file, and no listing of threads', async () => {
    const token = 'tok-s3cret-4711'
    const seen = new Set<string | undefined>()
    const server = createServer((request, response) => {
      seen.add(request.headers.authorization)
      const echo = `bad token ${token} ${Buffer.from(token).toString('base64')}`
      setTimeout(() => response.writeHead(401).end(echo), 20)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const output = join(folder, 'token.json')
    const file = join(folder, 'token-run')
    const started = startCommand([
      '--url',
      `http://127.0.0.1:${port}/?api_key=${token}`,
      '--token',
      token,
      ...QUICK,
      ...words('--requests 90 --concurrency 3 --client-workers 3 --progress-every 5'),
      '--output-json',
      output,
      '--run-file',
      file,
    ])
    await expect.poll(() => started.output(), { timeout: 10_000 }).toContain('5/90')
    const listing = listThreads(started.child.pid ?? 0)
    const { stdout, stderr } = await started.finished
    server.closeAllConnections()
    server.close()
    expect([...seen]).toEqual([`Bearer ${token}`])
    const files = [readFileSync(output, 'utf8'), readFileSync(file, 'latin1')]
    const everything = [listing, stdout, stderr, ...files].join('\n')
    expect(JSON.parse(files[0] ?? '')).toMatchObject({ run: { client_workers: 3 } })
    expect(everything).toContain('[redacted]')
    expect(everything).not.toContain(token)
    expect(everything).not.toContain(Buffer.from(token).toString('base64'))
  })

  test('is not in the environment of a worker', async () => {
    const { chat } = await simulate()
    const spy = join(folder, 'spy.cjs')
    writeFileSync(
      spy,
      `const { isMainThread, workerData } = require('node:worker_threads')
       const all = () => JSON.stringify([process.env, process.argv, process.execArgv])
       if (!isMainThread) require('node:fs').writeSync(2, 'worker sees ' + all() + '\\n')`,
    )
    const env = { NODE_OPTIONS: `--require ${spy}`, LLMTRACE_TOKEN: 'tok-s3cret-4712' }
    const load = ['--requests', '6', '--concurrency', '2', '--client-workers', '2']
    const { code, stdout, stderr } = await runCommand(['--url', chat, ...QUICK, ...load], { env })
    expect(code).toBe(0)
    expect(stdout).toContain('Token present: True')
    expect(stderr.match(/worker sees/g)).toHaveLength(2)
    expect(stderr).not.toContain('s3cret')
  })
})

/** What a process listing shows of a process and its threads, where there is one to read. */
function listThreads(pid: number): string {
  const tasks = `/proc/${pid}/task`
  if (!existsSync(tasks)) return ''
  const shown = readdirSync(tasks).flatMap((task) =>
    ['cmdline', 'comm'].map((name) => readFileSync(`${tasks}/${task}/${name}`, 'latin1')),
  )
  return shown.join('\n')
}
