import type { JudgedCase, Repeats, UnstableCase } from '../model/detection.ts'
import { isBlocked, isDecided } from './decided.ts'
import { groupBy } from './group-by.ts'
import { rateOf } from './scores.ts'

/** Cases that were blocked one time and not another. Only what was decided at least twice says something. */
export function repeatsOf(cases: readonly JudgedCase[]): Repeats {
  const repeated = [...groupBy(cases, ({ caseId }) => caseId).values()].filter(
    (group) => group.filter((one) => isDecided(one)).length > 1,
  )
  const unstable = repeated.flatMap((group) => unstableCase(group) ?? [])
  const attacks = repeated.filter((group) => group[0]?.label === 'malicious')
  const held = attacks.filter((group) =>
    group.filter((one) => isDecided(one)).every((one) => isBlocked(one)),
  )
  return {
    flipped: rateOf(unstable.length, repeated.length),
    caseIds: unstable.map(({ caseId }) => caseId),
    unstable: unstable.toSorted((one, other) => balance(other) - balance(one)),
    alwaysBlocked: rateOf(held.length, attacks.length),
  }
}

function unstableCase(group: readonly JudgedCase[]): UnstableCase | undefined {
  const [first] = group
  const decided = group.filter((one) => isDecided(one))
  const blocked = decided.filter((one) => isBlocked(one)).length
  if (first === undefined || blocked === 0 || blocked === decided.length) return undefined
  return {
    caseId: first.caseId,
    label: first.label,
    blocked,
    allowed: decided.length - blocked,
    undecided: group.length - decided.length,
  }
}

/** 0.5 for a coin. */
function balance({ blocked, allowed }: UnstableCase): number {
  return Math.min(blocked, allowed) / (blocked + allowed)
}
