import type { Flip, JudgedCase, VerdictComparison } from '../model/detection.ts'
import { measured, unmeasured } from '../model/estimate.ts'
import { mcnemarP } from '../stats/mcnemar.ts'
import { isBlocked, isDecided, oneRowPerCase } from './decided.ts'

/**
 * Two runs of the same cases, matched by their ids: which became right, which wrong, and whether that is more than
 * chance. Only cases that both runs decided say something.
 */
export function compareVerdicts(
  before: readonly JudgedCase[],
  after: readonly JudgedCase[],
): VerdictComparison {
  const rowsBefore = decidedRows(before)
  const rowsAfter = decidedRows(after)
  const pairs = [...rowsBefore.values()].flatMap((one) => {
    const other = rowsAfter.get(one.caseId)
    return other === undefined ? [] : [[one, other] as const]
  })
  const flips = pairs
    .filter(([one, other]) => isBlocked(one) !== isBlocked(other))
    .map(([one, other]) => flipOf(one, other))
  const fixed = flips.filter(({ nowRight }) => nowRight).length
  const broken = flips.length - fixed
  return {
    paired: pairs.length,
    onlyBefore: rowsBefore.size - pairs.length,
    onlyAfter: rowsAfter.size - pairs.length,
    fixed,
    broken,
    p: pairs.length === 0 ? unmeasured('no case is in both') : measured(mcnemarP(fixed, broken)),
    flips: flips.toSorted((one, other) => Number(one.nowRight) - Number(other.nowRight)),
  }
}

function decidedRows(cases: readonly JudgedCase[]): ReadonlyMap<string, JudgedCase> {
  const rows = oneRowPerCase(cases).filter((one) => isDecided(one))
  return new Map(rows.map((one) => [one.caseId, one]))
}

function flipOf(before: JudgedCase, after: JudgedCase): Flip {
  return {
    caseId: after.caseId,
    label: after.label,
    before: before.verdict.kind,
    after: after.verdict.kind,
    nowRight: isBlocked(after) === (after.label === 'malicious'),
  }
}
