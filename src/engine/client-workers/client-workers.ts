import type { Endpoint } from '../../model/endpoint.ts'
import type { Milliseconds } from '../../model/units.ts'
import type { ClientSettings } from '../../transport/create-transport.ts'
import type { PreparedRequest } from '../../transport/transport.ts'
import type { JudgeSetup } from '../judging.ts'
import type { LevelSending } from '../level-sender.ts'
import { monotonicClock } from '../monotonic-clock.ts'
import { clockOrigin } from '../run-clock.ts'
import { LevelRelay, type RelayedLevel } from './level-relay.ts'
import type { WorkerSetup } from './messages.ts'
import { type PackedRequest, packRequests } from './packed-requests.ts'
import { WorkerLink } from './worker-link.ts'
import type { Environment, WorkerThread } from './worker-thread.ts'

export interface ClientWorkersOptions {
  readonly count: number
  readonly client: ClientSettings
  /** The plan's, in its order. */
  readonly endpoints: readonly Endpoint[]
  readonly requestsOf: (endpoint: Endpoint) => readonly PreparedRequest[]
  /** How long each worker warms itself up; 0 for not at all. */
  readonly selfWarmUpMs: Milliseconds
  /** Undefined where replies are not judged. */
  readonly judging?: JudgeSetup | undefined
  /** All the environment that the workers see. */
  readonly env: Environment
  /** Aborting stops the workers as it stops a run. */
  readonly signal: AbortSignal
  /** Starts a thread that runs a `WorkerSession`. */
  readonly startThread: (setup: WorkerSetup, env: Environment) => WorkerThread
}

/** Threads that send a run's requests between them. When one of them fails, so does whatever they are asked. */
export class ClientWorkers {
  private readonly links: readonly WorkerLink[]
  private readonly signal: AbortSignal
  private readonly stop = () => {
    for (const link of this.links) link.tell({ kind: 'stop' })
  }
  private failed = false

  /** Resolves when all are warmed up. */
  static async start(options: ClientWorkersOptions): Promise<ClientWorkers> {
    const workers = new ClientWorkers(options)
    try {
      await Promise.all(workers.links.map((link) => link.ask()))
      return workers
    } catch (error) {
      await workers.close()
      throw error
    }
  }

  private constructor(options: ClientWorkersOptions) {
    const { count, signal, env, startThread } = options
    const setup = setupOf(options)
    this.links = Array.from(
      { length: count },
      () => new WorkerLink(startThread(setup, env), (error) => this.fail(error)),
    )
    this.signal = signal
    if (signal.aborted) this.stop()
    else signal.addEventListener('abort', this.stop, { once: true })
  }

  /** A level through as many workers as it has requests in flight for. */
  openLevel(level: RelayedLevel): LevelSending {
    const most = level.plan.levels[level.levelIndex]?.concurrency ?? 0
    const relay = new LevelRelay(level, this.links.slice(0, most), () => monotonicClock.now())
    return {
      warmUp: () => relay.warmUp(),
      runStage: (stage) => relay.runStage(stage),
      // Workers that failed are gone, and their connections with them.
      close: async () => {
        if (!this.failed) await relay.close()
      },
    }
  }

  async close(): Promise<void> {
    this.signal.removeEventListener('abort', this.stop)
    await Promise.all(this.links.map((link) => link.close()))
  }

  private fail(error: unknown): void {
    this.failed = true
    for (const link of this.links) link.fail(error)
  }
}

function setupOf({
  client,
  endpoints,
  requestsOf,
  selfWarmUpMs,
  judging,
}: ClientWorkersOptions): WorkerSetup {
  // Endpoints may share their requests; then the clone shares them too.
  const packed = new Map<readonly PreparedRequest[], PackedRequest[]>()
  const packOf = (endpoint: Endpoint) => {
    const requests = requestsOf(endpoint)
    const known = packed.get(requests) ?? packRequests(requests)
    packed.set(requests, known)
    return known
  }
  return {
    clockOrigin: clockOrigin(),
    client,
    requests: endpoints.map((endpoint) => packOf(endpoint)),
    selfWarmUpMs,
    judging,
  }
}
