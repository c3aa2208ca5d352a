import { ClientWorkers } from '../engine/client-workers/client-workers.ts'
import { startWorkerThread } from '../engine/client-workers/worker-thread.ts'
import type { JudgeSetup } from '../engine/judging.ts'
import type { Plan } from '../model/plan.ts'
import type { RunOptions } from '../options/run-options.ts'
import type { Io } from './io.ts'
import { clientSettings } from './open-transport.ts'
import type { prepareRequests } from './prepare-requests.ts'

/**
 * Threads that a run sends from: as many as asked for, but no more than its highest level has requests in flight.
 * Undefined where the main thread sends alone.
 */
export function workerCountOf({ clientWorkers }: RunOptions, { levels }: Plan): number | undefined {
  const most = Math.max(...levels.map(({ concurrency }) => concurrency))
  const count = Math.min(clientWorkers, most)
  return count > 1 ? count : undefined
}

interface Starting {
  readonly count: number
  readonly plan: Plan
  readonly requestsOf: ReturnType<typeof prepareRequests>
  readonly selfWarmUpMs: number
  readonly judging: JudgeSetup | undefined
  readonly io: Io
  readonly signal: AbortSignal
}

/** Starts and warms up the client workers. */
export function startClientWorkers(
  options: RunOptions,
  { plan, io, ...starting }: Starting,
): Promise<ClientWorkers> {
  // The workers get the token within the requests; they need no copy of it that a process listing could show.
  const { LLMTRACE_TOKEN: _token, ...env } = io.env
  return ClientWorkers.start({
    ...starting,
    client: clientSettings(options),
    endpoints: plan.endpoints,
    env,
    startThread: (setup, environment) =>
      startWorkerThread(new URL('./client-worker.js', import.meta.url), setup, environment),
  })
}
