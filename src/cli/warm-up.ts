import { warmUpSelf } from '../engine/self-warm-up.ts'
import type { RunOptions } from '../options/run-options.ts'
import { openTransport } from './open-transport.ts'
import type { PreparedRun } from './prepare-run.ts'

/** How long the client warms itself up. */
const SELF_WARM_UP_MS = 2000

/** Warms the client itself, unless that is not wanted. */
export async function warmUpClient(
  options: RunOptions,
  { head, requestsOf }: PreparedRun,
  signal: AbortSignal,
): Promise<void> {
  const [endpoint] = head.plan.endpoints
  const [request] = endpoint === undefined ? [] : requestsOf(endpoint)
  if (options.noSelfWarmup || request === undefined) return
  await warmUpSelf({
    createTransport: (url, connections) => openTransport(options, url, connections),
    // The body of a real request but none of its headers: the null server needs no token.
    request: { ...request, headers: [['content-type', 'application/json']] },
    durationMs: SELF_WARM_UP_MS,
    signal,
  })
}
