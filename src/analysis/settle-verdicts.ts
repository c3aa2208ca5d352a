import { type Ground, GroundTable } from '../model/ground.ts'
import { sameLevel } from '../model/level.ts'
import type { Measurement } from '../model/measurement.ts'
import type { Plan } from '../model/plan.ts'
import { dependsOnDirect, withDirect } from '../verdict/with-direct.ts'
import { groundAt, isRefusal, isRefused } from './answered.ts'

/**
 * The measurements with their verdicts as the baseline's replies to the same prompts have them: a bare 403 is a block
 * where the endpoint without the proxy answered, and none of the proxy's where it refuses as well. What an answer says
 * of itself is dropped where it was none.
 */
export function settleVerdicts(
  { endpoints }: Pick<Plan, 'endpoints'>,
  measurements: readonly Measurement[],
): Measurement[] {
  const baseline = endpoints.find((one) => one.baseline)?.name
  return measurements.map((one) => {
    if (one.grounds === undefined) return one
    // The A/A arm is the baseline itself.
    const apart = endpoints.some(({ name, control }) => control && name === one.endpoint)
    const direct =
      apart || one.endpoint === baseline
        ? undefined
        : measurements.find((other) => {
            return other.endpoint === baseline && sameLevel(other.level, one.level)
          })
    return withoutRefusedFacts(direct === undefined ? one : settle(one, direct))
  })
}

function settle(measurement: Measurement, direct: Measurement): Measurement {
  const { samples, grounds = [] } = measurement
  if (samples.verdict === undefined || !grounds.some((one) => dependsOnDirect(one))) {
    return measurement
  }
  const table = new GroundTable()
  for (const ground of grounds) table.numberOf(ground)
  const directGrounds = groundsBySequence(direct)
  const verdict = samples.verdict.map((number, row) => {
    const ground = grounds[number - 1]
    const other = directGrounds.get(samples.sequence[row] ?? 0)
    if (ground === undefined || other === undefined) return number
    return table.numberOf(withDirect({ ground, status: samples.status[row] ?? 0 }, other))
  })
  return { ...measurement, samples: { ...samples, verdict }, grounds: table.grounds() }
}

function groundsBySequence(measurement: Measurement): Map<number, Ground> {
  const { sequence, length } = measurement.samples
  const found = new Map<number, Ground>()
  for (let row = 0; row < length; row += 1) {
    const ground = groundAt(measurement, row)
    if (ground !== undefined) found.set(sequence[row] ?? 0, ground)
  }
  return found
}

/** A block is not the answer of another model, nor one with other tokens. */
function withoutRefusedFacts(measurement: Measurement): Measurement {
  if (!measurement.grounds?.some((one) => isRefusal(one))) return measurement
  const { sequence, length } = measurement.samples
  const refused = new Set<number>()
  for (let row = 0; row < length; row += 1) {
    if (isRefused(measurement, row)) refused.add(sequence[row] ?? 0)
  }
  return { ...measurement, facts: measurement.facts.filter((one) => !refused.has(one.sequence)) }
}
