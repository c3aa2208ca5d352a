import type { Endpoint } from '../model/endpoint.ts'
import type { Exchange } from '../model/exchange.ts'
import type { Level } from '../model/level.ts'
import type { Measurement } from '../model/measurement.ts'
import type { Plan } from '../model/plan.ts'
import type { Milliseconds } from '../model/units.ts'
import type { PreparedRequest, Transport } from '../transport/transport.ts'
import type { ClientWorkers } from './client-workers/client-workers.ts'
import type { Judge } from './judging.ts'
import { runLevel } from './run-level.ts'

export interface ProgressStep {
  readonly endpoint: Endpoint
  readonly level: Level
  /** Samples of this endpoint at this level so far. */
  readonly done: number
  readonly exchange: Exchange
}

export interface RunContext {
  /** Opens an endpoint's own pool of exactly `level.concurrency` connections. */
  readonly createTransport: (endpoint: Endpoint, level: Level) => Transport
  /** The prompts' requests for an endpoint, by `promptIndex`. */
  readonly requestsOf: (endpoint: Endpoint) => readonly PreparedRequest[]
  /** A fresh source, uniform in [0, 1), seeded by the run's seed and this key. */
  readonly createRandom: (key: string) => () => number
  readonly redact: (text: string) => string
  readonly now: () => Milliseconds
  /** Judges replies between blocks; absent where they are not. Client workers have their own. */
  readonly judge?: Judge | undefined
  /** `soFar` gives what was measured of the level at any time. */
  readonly onLevelStart: (levelIndex: number, soFar: () => readonly Measurement[]) => void
  readonly onProgress: (step: ProgressStep) => void
  /** Between two rounds; false ends the level as complete. `soFar` gives what was measured. */
  readonly onRoundEnd: (soFar: () => readonly Measurement[]) => boolean
  /** The level's measurements, one an endpoint, in the plan's order. */
  readonly onLevelEnd: (measurements: readonly Measurement[], levelIndex: number) => void
  readonly signal: AbortSignal
  /** Send the requests, in place of this thread and of `createTransport`; started for the plan's endpoints. */
  readonly clientWorkers?: Pick<ClientWorkers, 'openLevel'> | undefined
}

/** Runs a plan level by level. When the signal is aborted, what was measured so far is returned, marked partial. */
export async function runPlan(plan: Plan, context: RunContext): Promise<Measurement[]> {
  const all: Measurement[] = []
  for (const index of plan.levels.keys()) {
    if (context.signal.aborted) break
    const measurements = await runLevel(plan, index, context)
    all.push(...measurements)
    context.onLevelEnd(measurements, index)
  }
  return all
}
