import type { Endpoint } from '../model/endpoint.ts'
import type { Plan } from '../model/plan.ts'

/** Requests to one endpoint at one level, run without a pause. */
export interface Block {
  readonly endpoint: Endpoint
  readonly concurrency: number
  readonly requests: number
  /** Sent first and not counted. */
  readonly warmupRequests: number
}

/**
 * The order of the specification's script: level by level, each endpoint to its end before the next. Drift of
 * the upstream between the blocks counts as overhead in this order; the report has to say so.
 */
export function sequentialBlocks(plan: Plan): Block[] {
  return plan.concurrencies.flatMap((concurrency) =>
    plan.endpoints.map((endpoint) => ({
      endpoint,
      concurrency,
      requests: plan.requests,
      warmupRequests: plan.warmupRequests ?? concurrency,
    })),
  )
}
