import type { Plan } from '../../src/model/plan.ts'
import { openOwnTransport, ownRequests, type OwnClient } from './own-client.ts'
import { runPlan, warmUpSelf } from './shipped.ts'
import { answerTask } from './worker.ts'

const TOTAL = 'total;dur='

interface BiasTask {
  readonly client: OwnClient
  readonly url: string
  readonly inFlight: number
  readonly requests: number
  readonly selfWarmUpMs: number
}

interface BiasTimes {
  readonly sentInAll: number
  readonly ok: number
  /** E2E latency of each ok request. */
  readonly clientMs: readonly number[]
  /** The server's own time for the same requests, in the same order. */
  readonly serverMs: readonly number[]
}

/** One block as the command line runs it: warmed up on a null server, then one uncounted wave, then what counts. */
async function time(task: BiasTask): Promise<BiasTimes> {
  const { client, url, inFlight, requests, selfWarmUpMs } = task
  const signal = new AbortController().signal
  const open = (to: URL, connections: number) =>
    openOwnTransport(client, to, { connections, captureHeaders: true })
  const [request] = ownRequests
  await warmUpSelf({ createTransport: open, request, durationMs: selfWarmUpMs, signal })
  const clientMs = new Float64Array(requests)
  const serverMs = new Float64Array(requests)
  let ok = 0
  const plan: Plan = {
    endpoints: [{ name: 'target', url, baseline: true }],
    levels: [{ concurrency: inFlight }],
    requests,
    promptCount: 1,
    order: 'sequential',
    rounds: undefined,
    arrival: 'constant',
    jitterMs: 0,
    seed: 1,
    warmupRequests: inFlight,
  }
  await runPlan(plan, {
    createTransport: () => open(new URL(url), inFlight),
    requestsOf: () => ownRequests,
    createRandom: () => () => 0,
    redact: (text) => text,
    now: () => performance.now(),
    onLevelStart: () => {},
    onProgress: ({ exchange }) => {
      if (exchange.outcome !== 'ok') return
      clientMs[ok] = exchange.endedAt - exchange.sentAt
      serverMs[ok] = serverTotalMs(exchange.rawHeaders ?? '')
      ok += 1
    },
    onRoundEnd: () => true,
    onLevelEnd: () => {},
    signal,
  })
  const seen = { clientMs: [...clientMs.subarray(0, ok)], serverMs: [...serverMs.subarray(0, ok)] }
  return { sentInAll: requests + inFlight, ok, ...seen }
}

/**
 * `server-timing: total;dur=5.012`. Read at once and in the cheapest way: headers kept for later are copied by each
 * garbage collection, and that pause would count as the client's.
 */
function serverTotalMs(headers: string): number {
  const start = headers.indexOf(TOTAL)
  return start === -1 ? Number.NaN : Number.parseFloat(headers.slice(start + TOTAL.length))
}

export type TimeBlock = typeof time

answerTask(time)
