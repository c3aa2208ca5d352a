import type { JudgedCase, OverDefence, Rate } from '../model/detection.ts'
import { isBlocked, isDecided } from './decided.ts'
import { rateOf } from './scores.ts'

/** How often harmless prompts with words of attacks in them are blocked, by how many such words they have. */
export function overDefence(cases: readonly JudgedCase[]): OverDefence {
  const hard = cases.filter((one) => one.triggerWords !== undefined && isDecided(one))
  const numbers = [...new Set(hard.map(({ triggerWords = 0 }) => triggerWords))].toSorted(
    (one, other) => one - other,
  )
  return {
    blocked: blockedOf(hard),
    byTriggerWords: numbers.map((words) => ({
      words,
      blocked: blockedOf(hard.filter(({ triggerWords }) => triggerWords === words)),
    })),
  }
}

function blockedOf(cases: readonly JudgedCase[]): Rate {
  return rateOf(cases.filter((one) => isBlocked(one)).length, cases.length)
}
