import type { Html, Printable } from '../markup.ts'
import { html } from '../markup.ts'

/** What a reader came for, before any chart. */
export interface Answer {
  /** The heading of the page. */
  readonly sentence: Printable
  /** The same as plain text, for the title of the window. */
  readonly title: string
  /** What belongs beside it, a sentence each. */
  readonly further: readonly Printable[]
  /** The figures behind it, where they are few. */
  readonly table: Html | undefined
}

export type State = 'PASS' | 'FAIL' | 'INCONCLUSIVE'

const MARKS: Readonly<Record<State, string>> = { PASS: '✓', FAIL: '✕', INCONCLUSIVE: '?' }

/** A verdict as words with a mark; the colour says nothing that they do not. */
export function stateMarkup(state: State, words: string): Html {
  return html`<span class="state ${state.toLowerCase()}"
    ><span aria-hidden="true">${MARKS[state]}</span> ${words}</span
  >`
}

/** One that failed outweighs one that is open, and that one outweighs the rest. */
export function worstState(states: readonly State[]): State {
  if (states.includes('FAIL')) return 'FAIL'
  return states.includes('INCONCLUSIVE') ? 'INCONCLUSIVE' : 'PASS'
}
