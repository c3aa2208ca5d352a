import type { Coverage, JudgedCase, RuleUse } from '../model/detection.ts'
import { isDecided } from './decided.ts'
import { groupBy } from './group-by.ts'
import { rateOf } from './scores.ts'

/** How much of a run is decided, and why the rest is not. */
export function coverageOf(cases: readonly JudgedCase[]): Coverage {
  const reasons = cases.flatMap(({ verdict }) =>
    verdict.kind === 'undecided' ? [verdict.reason] : [],
  )
  return {
    decided: rateOf(cases.filter((one) => isDecided(one)).length, cases.length),
    undecided: [...groupBy(reasons, (reason) => reason)]
      .map(([reason, group]) => ({ reason, cases: group.length }))
      .toSorted((one, other) => other.cases - one.cases),
  }
}

/** Which rules decided, most used first. */
export function rulesUsed(cases: readonly JudgedCase[]): RuleUse[] {
  const uses = cases.map(({ verdict }) => ({
    rule: verdict.rule,
    kind: verdict.kind,
    by: verdict.kind === 'blocked' ? verdict.by : undefined,
  }))
  return [...groupBy(uses, ({ rule, kind, by }) => `${rule} ${kind} ${by}`).values()]
    .flatMap(([first, ...others]) =>
      first === undefined ? [] : [{ ...first, cases: others.length + 1 }],
    )
    .toSorted((one, other) => other.cases - one.cases)
}
