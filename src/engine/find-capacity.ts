import type { Endpoint } from '../model/endpoint.ts'
import type { Measurement } from '../model/measurement.ts'
import type { Plan } from '../model/plan.ts'
import type { Milliseconds, PerSecond } from '../model/units.ts'
import { advanceSearch, beginSearch, type CapacitySearch } from '../schedule/capacity-search.ts'
import { runLevel } from './run-level.ts'
import type { RunContext } from './run-plan.ts'

export interface CapacityRun {
  /** Its levels are not used; `requests` is the least number of arrivals of a trial. */
  readonly plan: Plan
  readonly startRate: PerSecond
  readonly mostInFlight: number
  /** Least duration of a trial. */
  readonly trialMs: Milliseconds
  readonly context: RunContext
  /** Judges a trial. */
  readonly passes: (endpoint: Endpoint, rate: PerSecond, trial: Measurement) => boolean
}

/**
 * Searches each endpoint's capacity, the endpoints taking turns trial by trial, so that a change of the weather falls on
 * all. Resolves to how each search ended; those that a stop cut short are still searching.
 */
export async function findCapacity(run: CapacityRun): Promise<ReadonlyMap<string, CapacitySearch>> {
  const { plan, startRate, context } = run
  const searches = new Map(plan.endpoints.map(({ name }) => [name, beginSearch(startRate)]))
  for (;;) {
    const open = plan.endpoints.filter(({ name }) => searches.get(name)?.state === 'searching')
    if (open.length === 0 || context.signal.aborted) return searches
    for (const endpoint of open) {
      const search = searches.get(endpoint.name)
      if (search === undefined || context.signal.aborted) continue
      const trial = await runTrial(run, endpoint, search.next)
      if (context.signal.aborted || trial === undefined) return searches
      searches.set(endpoint.name, advanceSearch(search, run.passes(endpoint, search.next, trial)))
    }
  }
}

async function runTrial(
  { plan, mostInFlight, trialMs, context }: CapacityRun,
  endpoint: Endpoint,
  rate: PerSecond,
): Promise<Measurement | undefined> {
  const trial: Plan = {
    ...plan,
    endpoints: [endpoint],
    levels: [{ concurrency: mostInFlight, rate }],
    requests: Math.max(plan.requests, Math.ceil((rate * trialMs) / 1000)),
    order: 'sequential',
    jitterMs: 0,
  }
  const [measurement] = await runLevel(trial, 0, context)
  return measurement
}
