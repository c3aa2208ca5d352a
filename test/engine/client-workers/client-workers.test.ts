import { EventEmitter } from 'node:events'
import { afterEach, describe, expect, test } from 'vitest'
import {
  ClientWorkers,
  type ClientWorkersOptions,
} from '../../../src/engine/client-workers/client-workers.ts'
import type { ToWorker, WorkerSetup } from '../../../src/engine/client-workers/messages.ts'
import { createLoadJudge } from '../../../src/library/load-judge.ts'
import { WorkerSession } from '../../../src/engine/client-workers/worker-session.ts'
import type { WorkerThread } from '../../../src/engine/client-workers/worker-thread.ts'
import { type RunContext, runPlan } from '../../../src/engine/run-plan.ts'
import type { Measurement } from '../../../src/model/measurement.ts'
import { ORDERS, type Plan } from '../../../src/model/plan.ts'
import { randomStreams } from '../../../src/schedule/random-streams.ts'
import {
  type RunningSimulator,
  startSimulator,
} from '../../../src/servers/simulator/start-simulator.ts'
import type { SimulatorOptions } from '../../../src/servers/simulator/simulator-options.ts'
import { createTransport } from '../../../src/transport/create-transport.ts'
import type { PreparedRequest } from '../../../src/transport/transport.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

async function simulate(options: Partial<SimulatorOptions> = {}): Promise<RunningSimulator> {
  const simulator = await startSimulator(options)
  cleanups.push(() => simulator.close(0))
  return simulator
}

function planFor({ url }: RunningSimulator, given: Partial<Plan> = {}): Plan {
  const route = `${url}/v1/chat/completions`
  return {
    endpoints: [
      { name: 'direct', url: route, baseline: true },
      { name: 'proxy', url: route, baseline: false },
    ],
    levels: [{ concurrency: 5 }],
    requests: 48,
    promptCount: 4,
    order: 'rounds',
    rounds: 4,
    arrival: 'poisson',
    jitterMs: 0,
    seed: 1,
    warmupRequests: undefined,
    ...given,
  }
}

const REQUESTS: PreparedRequest[] = [0, 1, 2, 3].map((index) => ({
  method: 'POST',
  headers: [['x-case-id', String(index)]],
  body: Buffer.from(JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'hi' }] })),
}))

const CLIENT = {
  client: 'lean',
  timeoutMs: 10_000,
  keepAlive: true,
  insecure: false,
  useEnvProxy: false,
  captureHeaders: false,
} as const

/** A worker in this thread: everything but the thread, messages cloned as between threads. */
class Twin extends EventEmitter implements WorkerThread {
  terminated = false
  levels = 0
  readonly setup: WorkerSetup
  private readonly session: WorkerSession

  constructor(setup: WorkerSetup) {
    super()
    this.setup = structuredClone(setup)
    this.session = new WorkerSession(this.setup, {
      post: (message, transfer = []) => {
        const clone = structuredClone(message, { transfer })
        setImmediate(() => this.emit('message', clone))
      },
      createJudge: createLoadJudge,
    })
    setImmediate(() => void this.session.begin())
  }

  postMessage(message: ToWorker): void {
    if (message.kind === 'level') this.levels += 1
    const clone = structuredClone(message)
    setImmediate(() => {
      this.session.take(clone).catch((error: unknown) => this.emit('error', error))
    })
  }

  async terminate(): Promise<void> {
    this.terminated = true
  }
}

interface Started {
  readonly workers: ClientWorkers
  readonly twins: Twin[]
  readonly stop: AbortController
}

async function start(plan: Plan, given: Partial<ClientWorkersOptions> = {}): Promise<Started> {
  const twins: Twin[] = []
  const stop = new AbortController()
  const workers = await ClientWorkers.start({
    count: 3,
    client: CLIENT,
    endpoints: plan.endpoints,
    requestsOf: () => REQUESTS,
    selfWarmUpMs: 0,
    env: {},
    signal: stop.signal,
    startThread: (setup) => {
      const twin = new Twin(setup)
      twins.push(twin)
      return twin
    },
    ...given,
  })
  cleanups.push(() => workers.close())
  return { workers, twins, stop }
}

/** With `workers` undefined this thread sends. */
function run(
  plan: Plan,
  { workers, stop }: { readonly workers?: ClientWorkers; readonly stop?: AbortController },
  given: Partial<RunContext> = {},
): Promise<Measurement[]> {
  return runPlan(plan, {
    createTransport: ({ url }, { concurrency }) =>
      createTransport('lean', {
        ...CLIENT,
        url: new URL(url),
        connections: concurrency,
        now: () => performance.now(),
      }),
    requestsOf: () => REQUESTS,
    createRandom: randomStreams(plan.seed),
    redact: (text) => text,
    now: () => performance.now(),
    onLevelStart: () => {},
    onProgress: () => {},
    onRoundEnd: () => true,
    onLevelEnd: () => {},
    signal: stop?.signal ?? new AbortController().signal,
    clientWorkers: workers,
    ...given,
  })
}

/** What of a measurement does not depend on how quick the machine is. */
function shapeOf({ samples, ...rest }: Measurement) {
  const rows = Array.from({ length: samples.length }, (_, row) => [
    samples.sequence[row],
    samples.promptIndex[row],
    samples.round[row],
    samples.outcome[row],
    samples.status[row],
  ])
  return {
    endpoint: rest.endpoint,
    rounds: rest.rounds,
    planned: rest.planned,
    partial: rest.partial,
    loads: rest.clientLoads.map(({ round }) => round),
    facts: rest.facts.map(({ sequence }) => sequence).toSorted((a, b) => a - b),
    rows: rows.toSorted(([a = 0], [b = 0]) => a - b),
  }
}

async function caseIdsSeen({ url }: RunningSimulator): Promise<Record<string, number>> {
  const log = await (await fetch(`${url}/simulator/log?limit=100000`)).json()
  await fetch(`${url}/simulator/log`, { method: 'DELETE' })
  const { entries } = log as { entries: { caseId?: string }[] }
  const counts: Record<string, number> = {}
  for (const { caseId = '' } of entries) counts[caseId] = (counts[caseId] ?? 0) + 1
  return counts
}

describe('a run through client workers', () => {
  test.each(ORDERS)('%s: measures what one thread would have measured', async (order) => {
    const simulator = await simulate()
    const plan = planFor(simulator, { order, warmupRequests: 11 })
    const alone = await run(plan, {})
    const seenAlone = await caseIdsSeen(simulator)
    const { workers } = await start(plan)
    const shared = await run(plan, { workers })
    expect(shared.map((one) => shapeOf(one))).toEqual(alone.map((one) => shapeOf(one)))
    expect(await caseIdsSeen(simulator)).toEqual(seenAlone)
  })

  test('open loop: the same schedule, on one clock, and never sent too soon', async () => {
    const plan = planFor(await simulate(), { levels: [{ concurrency: 9, rate: 600 }], rounds: 1 })
    const offsets = ({ samples }: Measurement) => {
      const intended = samples.intendedAt.toSorted()
      return [...intended].map((at) => Number((at - (intended[0] ?? 0)).toFixed(6)))
    }
    const alone = await run(plan, {})
    const { workers } = await start(plan)
    const shared = await run(plan, { workers })
    expect(shared.map((one) => shapeOf(one))).toEqual(alone.map((one) => shapeOf(one)))
    expect(shared.map((one) => offsets(one))).toEqual(alone.map((one) => offsets(one)))
    for (const { samples } of shared) {
      const early = samples.sentAt.filter((at, row) => at < (samples.intendedAt[row] ?? Infinity))
      expect([...early]).toEqual([])
    }
  })

  test('open loop: the most in flight is shared out, and what waited is counted over all', async () => {
    const simulator = await simulate({ ttft: { kind: 'fixed', ms: 5 } })
    const level = { concurrency: 2, rate: 1e6 }
    const plan = planFor(simulator, { levels: [level], rounds: 1, warmupRequests: 0 })
    const { workers } = await start(plan)
    const shared = await run(plan, { workers })
    const stats = await (await fetch(`${simulator.url}/simulator/stats`)).json()
    expect(stats).toMatchObject({ maxInFlight: 2 })
    expect(shared.map(({ samples, heldBack }) => [samples.length, heldBack])).toEqual([
      [48, 46],
      [48, 46],
    ])
  })

  test('at a level lower than the workers the others do not take part', async () => {
    const simulator = await simulate({ ttft: { kind: 'fixed', ms: 3 } })
    const levels = [{ concurrency: 2 }, { concurrency: 1 }]
    const plan = planFor(simulator, { levels, order: 'sequential' })
    const { workers, twins } = await start(plan, { count: 4 })
    const shared = await run(plan, { workers })
    expect(shared.map(({ samples }) => samples.length)).toEqual([48, 48, 48, 48])
    const stats = await (await fetch(`${simulator.url}/simulator/stats`)).json()
    expect(stats).toMatchObject({ maxInFlight: 2 })
    expect(twins.map(({ levels: taken }) => taken)).toEqual([2, 1, 0, 0])
  })

  test('the rows are there while a block lasts, in the order in which they ended', async () => {
    const simulator = await simulate({ ttft: { kind: 'fixed', ms: 10 } })
    const plan = planFor(simulator, { requests: 400, order: 'sequential' })
    const { workers } = await start(plan)
    let soFar: () => readonly Measurement[] = () => []
    const running = run(plan, { workers }, { onLevelStart: (_, current) => (soFar = current) })
    await expect.poll(() => soFar()[0]?.samples.length ?? 0, { timeout: 5000 }).toBeGreaterThan(20)
    expect(soFar()[0]?.samples.length).toBeLessThan(400)
    const [direct] = await running
    const ends = [...(direct?.samples.endedAt ?? [])]
    expect(ends).toEqual(ends.toSorted((a, b) => a - b))
  })

  test('an abort keeps what was measured, and ends what is in flight as cancelled', async () => {
    const simulator = await simulate({ ttft: { kind: 'fixed', ms: 40 } })
    const plan = planFor(simulator, { requests: 10_000, order: 'sequential' })
    const { workers, stop } = await start(plan)
    const onProgress: RunContext['onProgress'] = ({ done }) => {
      if (done === 10) stop.abort()
    }
    const [direct, proxy] = await run(plan, { workers, stop }, { onProgress })
    const outcomes = [...(direct?.samples.outcome ?? [])]
    expect(direct?.partial).toBe(true)
    expect(outcomes.filter((outcome) => outcome === 0).length).toBeGreaterThanOrEqual(10)
    expect(outcomes.filter((outcome) => outcome === 8)).toHaveLength(5)
    expect(proxy?.samples.length).toBe(0)
  })

  test('an abort before the start ends the self-warm-up', async () => {
    const plan = planFor(await simulate())
    const stop = new AbortController()
    stop.abort()
    const { twins } = await start(plan, { selfWarmUpMs: 3_600_000, signal: stop.signal })
    expect(twins).toHaveLength(3)
  })
})

describe('a worker that fails', () => {
  test('ends the run with its own error', async () => {
    const plan = planFor(await simulate(), { promptCount: 5 })
    const { workers, twins } = await start(plan)
    const failing = run(plan, { workers })
    await expect(failing).rejects.toThrow('no request for prompt 4')
    await expect(failing.catch((error: Error) => error.stack)).resolves.toContain('arm.ts')
    await workers.close()
    expect(twins.map(({ terminated }) => terminated)).toEqual([true, true, true])
  })

  test.each([
    ['error', new Error('out of memory'), 'out of memory'],
    ['exit', 7, 'a client worker ended, exit code 7'],
  ])('by its %s event ends the run, although others would go on', async (event, cause, message) => {
    const simulator = await simulate({ ttft: { kind: 'fixed', ms: 20 } })
    const plan = planFor(simulator, { requests: 100_000, order: 'sequential' })
    const { workers, twins } = await start(plan)
    const running = run(plan, { workers })
    setTimeout(() => twins[1]?.emit(event, cause), 100)
    await expect(running).rejects.toThrow(message)
  })

  test('at its start is told by the start', async () => {
    const plan = planFor(await simulate())
    const starting = start(plan, {
      startThread: (setup) => {
        const twin = new Twin(setup)
        queueMicrotask(() => twin.emit('error', new Error('no memory for a thread')))
        return twin
      },
    })
    await expect(starting).rejects.toThrow('no memory for a thread')
  })

  test('after the end is no failure', async () => {
    const plan = planFor(await simulate())
    const { workers, twins } = await start(plan)
    const measurements = await run(plan, { workers })
    await workers.close()
    twins[0]?.emit('exit', 1)
    expect(measurements.map(({ samples }) => samples.length)).toEqual([48, 48])
  })
})

test('endpoints that share their requests share them in the clone too', async () => {
  const { twins } = await start(planFor(await simulate()))
  const [first, second] = twins[0]?.setup.requests ?? []
  expect(first).toHaveLength(4)
  expect(second).toBe(first)
})
