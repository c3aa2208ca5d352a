import type { ClientWorkers } from '../engine/client-workers/client-workers.ts'
import { warmUpSelf } from '../engine/self-warm-up.ts'
import type { RunOptions } from '../options/run-options.ts'
import type { Io } from './io.ts'
import { openTransport } from './open-transport.ts'
import type { PreparedRun } from './prepare-run.ts'
import { startClientWorkers } from './start-client-workers.ts'

/** How long the client warms itself up. */
const SELF_WARM_UP_MS = 2000

export function selfWarmUpOf({ noSelfWarmup }: RunOptions): number {
  return noSelfWarmup ? 0 : SELF_WARM_UP_MS
}

/** Warms up whatever is going to send: the client workers, which it starts, or this thread. */
export async function openClient(
  options: RunOptions,
  { head, requestsOf, judging }: PreparedRun,
  io: Io,
  signal: AbortSignal,
): Promise<ClientWorkers | undefined> {
  const { plan, clientWorkers: count } = head
  const selfWarmUpMs = selfWarmUpOf(options)
  if (count !== undefined) {
    return startClientWorkers(options, {
      count,
      plan,
      requestsOf,
      selfWarmUpMs,
      judging,
      io,
      signal,
    })
  }
  const [first] = plan.endpoints
  const [request] = first === undefined ? [] : requestsOf(first)
  if (selfWarmUpMs === 0 || request === undefined) return undefined
  await warmUpSelf({
    createTransport: (url, connections) => openTransport(options, url, connections),
    request,
    durationMs: selfWarmUpMs,
    signal,
  })
  return undefined
}
