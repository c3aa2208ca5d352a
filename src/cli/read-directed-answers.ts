import { resolve } from 'node:path'
import { isRecord } from '../datasets/row.ts'
import { loadPrompts } from '../datasets/load-prompts.ts'
import { EVERYTHING } from '../datasets/select.ts'
import { findSuite } from '../datasets/suites.ts'
import type { Prompt } from '../model/prompt.ts'
import { SUITES } from '../model/suite.ts'
import { UsageError } from '../model/usage-error.ts'
import type { DirectedAnswer } from '../servers/simulator/directed-answers.ts'

/**
 * The rows of a dataset that say what a simulated model has to answer to them. `given` is a file or the name of a suite.
 * Throws UsageError where it cannot be read, or directs nothing.
 */
export async function readDirectedAnswers(
  given: string,
  folder: string,
): Promise<DirectedAnswer[]> {
  const suite = SUITES.find((name) => name === given)
  const files =
    suite === undefined
      ? [{ path: resolve(folder, given), name: given }]
      : await findSuite(suite, folder)
  const { prompts } = await loadPrompts({
    name: `--answers ${given}`,
    files,
    selection: EVERYTHING,
    skipInvalid: false,
    dropDuplicates: false,
  })
  const answers = prompts.flatMap((prompt) => directedAnswer(prompt) ?? [])
  if (answers.length > 0) return answers
  throw new UsageError(
    `--answers ${given}: none of its ${prompts.length} rows has a text in metadata.simulator; give a dataset such as the suite output`,
  )
}

function directedAnswer({ id, text, messages, metadata }: Prompt): DirectedAnswer | undefined {
  const directive = metadata?.['simulator']
  if (!isRecord(directive) || typeof directive['text'] !== 'string') return undefined
  const leaked = metadata?.['leaked']
  return {
    id,
    messages: messages ?? [{ role: 'user', content: text }],
    text: directive['text'],
    split: directive['split'] === true,
    parts: (Array.isArray(leaked) ? (leaked as unknown[]) : []).flatMap(
      (one) => rangeOf(one) ?? [],
    ),
  }
}

function rangeOf(value: unknown): { readonly start: number; readonly end: number } | undefined {
  if (!isRecord(value)) return undefined
  const { start, end } = value
  return typeof start === 'number' && typeof end === 'number' ? { start, end } : undefined
}
