import type { Plan } from '../../model/plan.ts'
import type { Milliseconds } from '../../model/units.ts'
import type { Hand } from '../../schedule/deal.ts'
import type { Stage } from '../../schedule/stages.ts'
import type { ClientSettings } from '../../transport/create-transport.ts'
import type { BlockEnd } from '../arm-tally.ts'
import type { JudgeSetup } from '../judging.ts'
import type { CommonStart } from '../level-sender.ts'
import type { PackedRequest } from './packed-requests.ts'
import type { SampleBatch } from './sample-batch.ts'

/**
 * What a client worker starts with. It holds the token, so it goes from memory to memory only: never through an
 * argument or an environment variable, which process listings show.
 */
export interface WorkerSetup {
  /** Of the clock that all stamps are on: the main thread's. */
  readonly clockOrigin: bigint
  readonly client: ClientSettings
  /** For each of the plan's endpoints, by `promptIndex`. */
  readonly requests: readonly (readonly PackedRequest[])[]
  /** How long the worker warms itself up; 0 for not at all. */
  readonly selfWarmUpMs: Milliseconds
  /** Undefined where replies are not judged. */
  readonly judging: JudgeSetup | undefined
}

/** To a worker. Each but `stop` is answered by one `done`, and the next comes after that. */
export type ToWorker =
  | {
      readonly kind: 'level'
      readonly plan: Plan
      readonly levelIndex: number
      /** Sent with the plan: a clone keeps it that their endpoints are the same objects. */
      readonly stages: readonly Stage[]
      readonly hand: Hand
    }
  | { readonly kind: 'stage'; readonly index: number; readonly common: CommonStart }
  | { readonly kind: 'end-level' }
  | { readonly kind: 'stop' }

export type FromWorker =
  | { readonly kind: 'done'; readonly ends: readonly BlockEnd[] }
  | { readonly kind: 'samples'; readonly batch: SampleBatch }
