import type { Prompt } from '../model/prompt.ts'
import { toRow } from './row.ts'

/**
 * The text of a dataset file, one row a line, so that a changed row is a changed line: a JSON array, or JSONL where
 * `path` ends so.
 */
export function rowsText(prompts: readonly Prompt[], path = ''): string {
  const lines = prompts.map((prompt) => JSON.stringify(toRow(prompt)))
  return path.endsWith('.jsonl') ? `${lines.join('\n')}\n` : `[\n${lines.join(',\n')}\n]\n`
}
