import { numbersOfRun, numbersOfStored } from '../analysis/run-numbers.ts'
import type { RunNumbers } from '../model/run-numbers.ts'
import { UsageError } from '../model/usage-error.ts'
import type { SavedRun } from './saved-run.ts'

/** A saved run reduced to what comparing takes. Throws UsageError for a probe, which has no such numbers. */
export function numbersOf(name: string, run: SavedRun): RunNumbers {
  const { facts, result, record, arms = [] } = run
  if (run.gates !== undefined) {
    throw new UsageError(
      `${name} is the result of a probe, which has no latencies to compare; give files of load runs`,
    )
  }
  const numbers =
    record === undefined ? numbersOfStored(result, arms) : numbersOfRun(result, record.measurements)
  const blocks = result.summaries.flatMap(({ endpoint, level, requests, blocks: told }) =>
    told === undefined ? [] : [{ endpoint, level, blocked: told.blocked, requests }],
  )
  return { name, facts, numbers, blocks }
}
