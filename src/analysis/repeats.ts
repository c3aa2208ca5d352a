import type { JudgedCase, Repeats } from '../model/detection.ts'
import { isBlocked, isDecided } from './decided.ts'
import { groupBy } from './group-by.ts'
import { rateOf } from './scores.ts'

/** Cases that were blocked one time and not another. */
export function repeatsOf(cases: readonly JudgedCase[]): Repeats {
  const decided = cases.filter((one) => isDecided(one))
  const repeated = [...groupBy(decided, ({ caseId }) => caseId)].filter(
    ([, group]) => group.length > 1,
  )
  const caseIds = repeated
    .filter(([, group]) => new Set(group.map((one) => isBlocked(one))).size > 1)
    .map(([caseId]) => caseId)
  return { flipped: rateOf(caseIds.length, repeated.length), caseIds }
}
