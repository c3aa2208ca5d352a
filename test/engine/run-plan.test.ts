import { describe, expect, test } from 'vitest'
import { runPlan, type RunContext } from '../../src/engine/run-plan.ts'
import type { Exchange } from '../../src/model/exchange.ts'
import type { Plan } from '../../src/model/plan.ts'
import { createRandom } from '../../src/stats/random.ts'
import type { PreparedRequest, Transport } from '../../src/transport/transport.ts'

const PLAN: Plan = {
  endpoints: [
    { name: 'direct', url: 'http://direct/', baseline: true },
    { name: 'proxy', url: 'http://proxy/', baseline: false },
  ],
  levels: [{ concurrency: 1 }, { concurrency: 3 }],
  requests: 20,
  promptCount: 4,
  order: 'sequential',
  rounds: undefined,
  arrival: 'constant',
  jitterMs: 0,
  seed: 1,
  warmupRequests: undefined,
}

/** A transport that answers at the next turn of the loop, and counts. */
function scriptedTransport() {
  const log = { sent: [] as number[], inFlight: 0, maxInFlight: 0, opened: 0, closed: 0 }
  const pending = new Set<() => void>()
  let at = 0
  const transport: Transport = {
    open: async () => {
      log.opened += 1
    },
    send: (request: PreparedRequest, done) => {
      log.sent.push(Number(request.body.toString()))
      log.inFlight += 1
      log.maxInFlight = Math.max(log.maxInFlight, log.inFlight)
      const sentAt = at
      const finish = (outcome: Exchange['outcome']) => {
        if (!pending.delete(cancel)) return
        at += 1
        log.inFlight -= 1
        done({
          outcome,
          status: 200,
          sentAt,
          endedAt: at,
          reused: true,
          connectMs: 0,
          bodyBytes: 0,
        })
      }
      const cancel = () => finish('cancelled')
      pending.add(cancel)
      setImmediate(() => finish('ok'))
    },
    cancel: () => {
      for (const cancel of pending) cancel()
    },
    close: async () => {
      log.closed += 1
    },
  }
  return { transport, log }
}

const REQUESTS: PreparedRequest[] = [0, 1, 2, 3].map((index) => ({
  method: 'POST',
  headers: [],
  body: Buffer.from(String(index)),
}))

function contextFor(
  transport: Transport,
  signal: AbortSignal,
  given: Partial<RunContext> = {},
): RunContext {
  return {
    createTransport: () => transport,
    requestsOf: () => REQUESTS,
    createRandom,
    redact: (text) => text,
    now: () => performance.now(),
    onLevelStart: () => {},
    onProgress: () => {},
    onRoundEnd: () => true,
    onLevelEnd: () => {},
    signal,
    ...given,
  }
}

describe('runPlan', () => {
  test('sends each block’s requests after one wave of warm-up, never more in flight than the level', async () => {
    const { transport, log } = scriptedTransport()
    const measurements = await runPlan(PLAN, contextFor(transport, new AbortController().signal))
    expect(
      measurements.map(({ endpoint, level, samples }) => [
        endpoint,
        level.concurrency,
        samples.length,
      ]),
    ).toEqual([
      ['direct', 1, 20],
      ['proxy', 1, 20],
      ['direct', 3, 20],
      ['proxy', 3, 20],
    ])
    expect(log.sent).toHaveLength(4 * 20 + 1 + 1 + 3 + 3)
    expect(log.maxInFlight).toBe(3)
    expect(log).toMatchObject({ opened: 4, closed: 4, inFlight: 0 })
  })

  test('every endpoint gets the same prompts in the same order', async () => {
    const { transport, log } = scriptedTransport()
    await runPlan(
      { ...PLAN, levels: [{ concurrency: 1 }], warmupRequests: 0 },
      contextFor(transport, new AbortController().signal),
    )
    expect(log.sent.slice(0, 20)).toEqual(log.sent.slice(20))
    expect(log.sent.slice(0, 5)).toEqual([0, 1, 2, 3, 0])
  })

  test('an abort keeps what was measured, marked partial, and starts no further block', async () => {
    const { transport, log } = scriptedTransport()
    const stop = new AbortController()
    const onProgress: RunContext['onProgress'] = ({ done }) => {
      if (done === 7) stop.abort()
    }
    const measurements = await runPlan(PLAN, contextFor(transport, stop.signal, { onProgress }))
    expect(measurements.map(({ samples, partial }) => [samples.length, partial])).toEqual([
      [7, true],
      [0, true],
    ])
    expect(log.closed).toBe(2)
  })

  test('an abort during a pause of the jitter does not wait for the pause', async () => {
    const { transport } = scriptedTransport()
    const stop = new AbortController()
    setTimeout(() => stop.abort(), 20)
    const plan = { ...PLAN, jitterMs: 1e9, warmupRequests: 0 }
    const measurements = await runPlan(plan, contextFor(transport, stop.signal))
    expect(measurements[0]).toMatchObject({ partial: true, samples: { length: 0 } })
  })

  test('rounds: blocks take turns, and each round sends the same prompts to both', async () => {
    const { transport } = scriptedTransport()
    const order: string[] = []
    const onProgress: RunContext['onProgress'] = ({ endpoint }) => {
      if (order.at(-1) !== endpoint.name) order.push(endpoint.name)
    }
    const plan: Plan = { ...PLAN, levels: [{ concurrency: 1 }], order: 'rounds', rounds: 4 }
    const [direct, proxy] = await runPlan(
      plan,
      contextFor(transport, new AbortController().signal, { onProgress }),
    )
    // ABBA: the second of two rounds mirrors the first, so two blocks of one endpoint meet.
    expect(order.length).toBeGreaterThan(4)
    expect(direct?.rounds).toBe(4)
    expect([...(direct?.samples.sequence ?? [])]).toEqual([...(proxy?.samples.sequence ?? [])])
    expect([...(direct?.samples.round ?? [])]).toEqual(
      Array.from({ length: 20 }, (_, index) => Math.floor(index / 5)),
    )
  })

  test('paired: each prompt goes to both back to back, the first at random', async () => {
    const { transport } = scriptedTransport()
    const order: string[] = []
    const onProgress: RunContext['onProgress'] = ({ endpoint }) => order.push(endpoint.name)
    const plan: Plan = { ...PLAN, levels: [{ concurrency: 1 }], order: 'paired', rounds: 4 }
    await runPlan(plan, contextFor(transport, new AbortController().signal, { onProgress }))
    const firsts = order.filter((_, index) => index % 2 === 0)
    expect(order).toHaveLength(40)
    expect(order.filter((name) => name === 'direct')).toHaveLength(20)
    expect(new Set(firsts)).toEqual(new Set(['direct', 'proxy']))
    expect(firsts.every((name, pair) => order[2 * pair + 1] !== name)).toBe(true)
  })

  test('concurrent: the endpoints share the concurrency', async () => {
    const { transport, log } = scriptedTransport()
    const plan: Plan = { ...PLAN, levels: [{ concurrency: 5 }], order: 'concurrent', rounds: 2 }
    const measurements = await runPlan(plan, contextFor(transport, new AbortController().signal))
    expect(measurements.map(({ samples }) => samples.length)).toEqual([20, 20])
    expect(log.maxInFlight).toBe(5)
  })

  test('a precision stop ends a level as complete, after a whole round', async () => {
    const { transport } = scriptedTransport()
    let rounds = 0
    const onRoundEnd: RunContext['onRoundEnd'] = (soFar) => {
      rounds = soFar()[0]?.rounds ?? 0
      return rounds < 2
    }
    const plan: Plan = { ...PLAN, levels: [{ concurrency: 1 }], order: 'rounds', rounds: 4 }
    const measurements = await runPlan(
      plan,
      contextFor(transport, new AbortController().signal, { onRoundEnd }),
    )
    expect(rounds).toBe(2)
    expect(measurements.map(({ samples, partial }) => [samples.length, partial])).toEqual([
      [10, false],
      [10, false],
    ])
  })

  test('open loop: nothing is sent before it is due, and none is left out', async () => {
    const { transport } = scriptedTransport()
    const plan: Plan = { ...PLAN, levels: [{ concurrency: 8, rate: 400 }], rounds: 1 }
    const [measurement] = await runPlan(plan, contextFor(transport, new AbortController().signal))
    expect(measurement?.samples.length).toBe(20)
    const intended = [...(measurement?.samples.intendedAt ?? [])].toSorted((a, b) => a - b)
    const gaps = intended.slice(1).map((at, index) => at - (intended[index] ?? 0))
    expect(Math.max(...gaps.map((gap) => Math.abs(gap - 2.5)))).toBeLessThan(1e-6)
  })

  test('open loop: arrivals beyond the most in flight wait, are sent, and are counted', async () => {
    const { transport, log } = scriptedTransport()
    const plan: Plan = {
      ...PLAN,
      levels: [{ concurrency: 1, rate: 1e6 }],
      warmupRequests: 0,
    }
    const [measurement] = await runPlan(plan, contextFor(transport, new AbortController().signal))
    expect(measurement?.samples.length).toBe(20)
    expect(log.maxInFlight).toBe(1)
    expect(measurement?.heldBack).toBeGreaterThan(10)
  })

  test('open loop: an abort while nothing is due ends at once', async () => {
    const { transport } = scriptedTransport()
    const stop = new AbortController()
    setTimeout(() => stop.abort(), 20)
    const plan: Plan = { ...PLAN, levels: [{ concurrency: 1, rate: 0.001 }], arrival: 'poisson' }
    const measurements = await runPlan(
      { ...plan, warmupRequests: 0 },
      contextFor(transport, stop.signal),
    )
    expect(measurements[0]).toMatchObject({ partial: true, samples: { length: 0 } })
  })
})
