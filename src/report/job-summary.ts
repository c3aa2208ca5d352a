import type { BudgetVerdict } from '../model/budget.ts'
import { plural } from './plural.ts'

/** Most bytes that GitHub takes of a step: 1 MiB. */
export const MOST_SUMMARY_BYTES = 1024 * 1024

/** Below this there is no room for anything that says something. */
const LEAST_SUMMARY_BYTES = 500

/**
 * A page in at most `mostBytes`, ended by `closing` whether it is cut or not; empty where there is no room. `markup` is
 * ours: names of others in it have been through `escapeHtml`.
 */
export function fitSummary(markup: string, closing: string, mostBytes: number): string {
  if (mostBytes < LEAST_SUMMARY_BYTES) return ''
  return capLines(markup, mostBytes - closing.length) + closing
}

/** The tables of a probe as a page. */
export function probeJobSummary(tables: string, mostBytes: number): string {
  return fitSummary(`# Probe\n\n${escapeHtml(tables)}`, '', mostBytes)
}

/** Names of others are text and no markup. */
export function escapeHtml(text: string): string {
  return text.replaceAll('<', '&lt;')
}

/** `Budgets: 2 kept, 1 not kept, 1 open.`; empty without budgets. */
export function budgetLine(verdicts: readonly BudgetVerdict[]): string {
  if (verdicts.length === 0) return ''
  const count = (state: BudgetVerdict['state']) =>
    verdicts.filter((one) => one.state === state).length
  const parts = [
    [count('PASS'), 'kept'],
    [count('FAIL'), 'not kept'],
    [count('INCONCLUSIVE'), 'open'],
  ] as const
  const told = parts.filter(([many]) => many > 0).map(([many, word]) => `${many} ${word}`)
  return `**Budgets: ${told.join(', ')}.**\n`
}

/**
 * `text` with at most `mostBytes` of UTF-8: cut between lines, and closed with how many are missing, since a page that
 * is too long is refused as a whole.
 */
export function capLines(text: string, mostBytes: number): string {
  if (byteLength(text) <= mostBytes) return text
  const lines = text.split('\n')
  let room = mostBytes - byteLength(noteOf(lines.length))
  const kept: string[] = []
  for (const line of lines) {
    room -= byteLength(line) + 1
    if (room < 0) break
    kept.push(line)
  }
  return `${kept.map((line) => `${line}\n`).join('')}${noteOf(lines.length - kept.length)}`
}

function noteOf(missing: number): string {
  return `\n(${plural(missing, 'more line')} left out.)\n`
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length
}
