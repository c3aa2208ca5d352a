import type { BudgetVerdict } from '../../../model/budget.ts'
import { html, type Html } from '../markup.ts'
import { levelWords } from '../words.ts'
import { type State, stateMarkup, worstState } from './answer.ts'

/** Each budget with its verdict over all endpoints and levels, and where it was not kept. */
export function budgetSentences(verdicts: readonly BudgetVerdict[]): Html[] {
  const budgets = [...new Set(verdicts.map(({ budget }) => budget))]
  return budgets.map((budget) => {
    const own = verdicts.filter((one) => one.budget === budget)
    const state = worstState(own.map((one) => one.state))
    return html`<code>${budget}</code> ${stateMarkup(state, state)} ${placesWords(own, state)}.`
  })
}

function placesWords(verdicts: readonly BudgetVerdict[], state: State): string {
  const there = verdicts.filter((one) => one.state === state)
  const one = there.length === 1 ? there[0] : undefined
  const why = one?.reason === undefined ? '' : `: ${one.reason}`
  if (there.length === verdicts.length && there.length > 1) return `at all ${there.length} levels`
  const places = there.map(({ endpoint, level }) => `${endpoint} at ${levelWords(level)}`)
  return `${places.join(', ')}${why}`
}
