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
  concurrencies: [1, 3],
  requests: 20,
  promptCount: 4,
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
    requests: REQUESTS,
    createRandom,
    redact: (text) => text,
    onBlockStart: () => {},
    onProgress: () => {},
    onBlockEnd: () => {},
    signal,
    ...given,
  }
}

describe('runPlan', () => {
  test('sends each block’s requests after one wave of warm-up, never more in flight than the level', async () => {
    const { transport, log } = scriptedTransport()
    const measurements = await runPlan(PLAN, contextFor(transport, new AbortController().signal))
    expect(
      measurements.map(({ endpoint, concurrency, samples }) => [
        endpoint,
        concurrency,
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
      { ...PLAN, concurrencies: [1], warmupRequests: 0 },
      contextFor(transport, new AbortController().signal),
    )
    expect(log.sent.slice(0, 20)).toEqual(log.sent.slice(20))
    expect(log.sent.slice(0, 5)).toEqual([0, 1, 2, 3, 0])
  })

  test('an abort keeps what was measured, marked partial, and starts no further block', async () => {
    const { transport, log } = scriptedTransport()
    const stop = new AbortController()
    const onProgress: RunContext['onProgress'] = (_, done) => {
      if (done === 7) stop.abort()
    }
    const measurements = await runPlan(PLAN, contextFor(transport, stop.signal, { onProgress }))
    expect(measurements).toHaveLength(1)
    expect(measurements[0]?.partial).toBe(true)
    expect(measurements[0]?.samples.length).toBe(7)
    expect(log.closed).toBe(1)
  })

  test('an abort during a pause of the jitter does not wait for the pause', async () => {
    const { transport } = scriptedTransport()
    const stop = new AbortController()
    setTimeout(() => stop.abort(), 20)
    const plan = { ...PLAN, jitterMs: 1e9, warmupRequests: 0 }
    const measurements = await runPlan(plan, contextFor(transport, stop.signal))
    expect(measurements[0]).toMatchObject({ partial: true, durationMs: 0 })
  })
})
