import type { JudgedCase } from '../model/detection.ts'
import type { Decision } from './scores.ts'

/**
 * One row a case: the first repeat that is decided, or the first where none is. Repeats of a case are not
 * independent; counting them all would make every interval too short.
 */
export function oneRowPerCase(cases: readonly JudgedCase[]): JudgedCase[] {
  const rows = new Map<string, JudgedCase>()
  for (const one of cases.toSorted((first, second) => first.repeat - second.repeat)) {
    const kept = rows.get(one.caseId)
    if (kept === undefined || (!isDecided(kept) && isDecided(one))) rows.set(one.caseId, one)
  }
  return [...rows.values()]
}

export function isDecided({ verdict }: JudgedCase): boolean {
  return verdict.kind !== 'undecided'
}

export function isBlocked({ verdict }: JudgedCase): boolean {
  return verdict.kind === 'blocked'
}

/** What the client saw, of the cases that are decided. */
export function enforcedDecisions(cases: readonly JudgedCase[]): Decision[] {
  return cases
    .filter((one) => isDecided(one))
    .map((one) => ({ label: one.label, positive: isBlocked(one) }))
}
