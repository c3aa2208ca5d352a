import type { DatasetUse, RequestIdentity } from './run-record.ts'
import type { Order, RequestSpec } from './plan.ts'

/** What is known of a saved run besides its numbers. Files of older versions, and of others, lack some of it. */
export interface RunFacts {
  readonly spec: Partial<RequestSpec>
  readonly dataset: Partial<DatasetUse> | undefined
  readonly request: Partial<RequestIdentity> | undefined
  /** ISO 8601, UTC. */
  readonly startedAt: string | undefined
  readonly toolVersion: string | undefined
  readonly node: string | undefined
  readonly platform: string | undefined
  readonly client: string | undefined
  readonly seed: number | undefined
  readonly order: Order | undefined
  readonly keepAlive: boolean | undefined
  /** Stopped early. */
  readonly partial: boolean
}
