import type { LatencySpec } from '../../stats/latency-spec.ts'
import type { DirectedAnswer } from './directed-answers.ts'
import type { Drift } from './drift.ts'
import type { FaultRates, ScheduledFault } from './fault-plan.ts'
import type { StreamShape } from './stream-steps.ts'

export interface SimulatorOptions extends StreamShape {
  readonly host: string
  /** 0 for a free one. */
  readonly port: number
  /** Time to first token; with a trace the time of the whole service. */
  readonly ttft: LatencySpec
  /** Time for each token after the first. */
  readonly tokenTime: LatencySpec
  /** Whether the token time is drawn once for a request, or for each of its tokens. */
  readonly tokenDraw: 'request' | 'token'
  /** Tokens that come as reasoning before the answer. */
  readonly reasoning: number
  /** What to say to these prompts, and to no other. */
  readonly answers: readonly DirectedAnswer[]
  readonly maxBatch: number
  readonly maxQueue: number
  /** Service time grows by this share for each further request in the batch. */
  readonly slowdown: number
  readonly faultRates: FaultRates
  readonly faultSchedule: readonly ScheduledFault[]
  readonly slowBodyMs: number
  readonly drift: Drift
  readonly seed: number
  readonly modelName: string
  /** Arrivals kept in the log. */
  readonly logLimit: number
}

export const SIMULATOR_DEFAULTS: SimulatorOptions = {
  host: '127.0.0.1',
  port: 0,
  ttft: { kind: 'fixed', ms: 0 },
  tokenTime: { kind: 'fixed', ms: 0 },
  tokenDraw: 'request',
  reasoning: 0,
  answers: [],
  burst: 1,
  burstAs: 'event',
  stall: undefined,
  maxBatch: 32,
  maxQueue: 1000,
  slowdown: 0,
  faultRates: {},
  faultSchedule: [],
  slowBodyMs: 1000,
  drift: { kind: 'none' },
  seed: 1,
  modelName: 'simulated',
  logLimit: 100_000,
}
