import type { Label, Prompt } from '../model/prompt.ts'
import { UsageError } from '../model/usage-error.ts'

const MOST_PROBLEMS = 10

/**
 * Reads a dataset: a JSON array, or JSONL. Unknown fields are tolerated. Throws UsageError that names the file and,
 * for up to ten bad rows, the row, its id and what is wrong.
 */
export function parseDataset(file: string, content: string): Prompt[] {
  const rows = readRows(file, content.replace(/^\uFEFF/, ''))
  const problems: string[] = []
  const prompts: Prompt[] = []
  const seen = new Map<string, number>()
  for (const [index, row] of rows.entries()) {
    const prompt = typeof row === 'string' ? row : readPrompt(row)
    const earlier = typeof prompt === 'string' ? undefined : seen.get(prompt.id)
    if (typeof prompt === 'string') problems.push(`row ${index + 1}${describeId(row)}: ${prompt}`)
    else if (earlier !== undefined) {
      problems.push(`row ${index + 1}${describeId(row)}: the same id as row ${earlier}`)
    } else {
      seen.set(prompt.id, index + 1)
      prompts.push(prompt)
    }
  }
  if (problems.length > 0) throw badRows(file, problems, rows.length)
  if (prompts.length === 0)
    throw new UsageError(`--dataset-file ${file} holds no rows; give a file with at least one`)
  return prompts
}

function badRows(file: string, problems: readonly string[], total: number): UsageError {
  const shown = problems.slice(0, MOST_PROBLEMS).map((problem) => `  ${problem}`)
  const more =
    problems.length > MOST_PROBLEMS ? [`  and ${problems.length - MOST_PROBLEMS} more`] : []
  return new UsageError(
    [
      `--dataset-file ${file}: ${problems.length} of ${total} rows cannot be used; each needs id, text and a label benign or malicious`,
      ...shown,
      ...more,
    ].join('\n'),
  )
}

/** Rows as parsed; a JSONL line that is not JSON becomes the text of its problem. */
function readRows(file: string, content: string): unknown[] {
  if (!content.trimStart().startsWith('[')) {
    return content
      .split(/\r?\n/)
      .filter((line) => line.trim() !== '')
      .map((line) => parseJson(line) ?? 'not valid JSON')
  }
  const parsed = parseJson(content)
  if (Array.isArray(parsed)) return parsed
  throw new UsageError(
    `--dataset-file ${file} is not valid JSON; give an array of objects with id, text and label, or JSONL`,
  )
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

/** The prompt of a row, or what is wrong with it. */
function readPrompt(row: unknown): Prompt | string {
  if (typeof row !== 'object' || row === null || Array.isArray(row)) return 'not an object'
  const { id, text, label, category, subcategory } = row as Record<string, unknown>
  const name = typeof id === 'number' ? String(id) : id
  if (typeof name !== 'string' || name === '') return 'id is missing'
  if (typeof text !== 'string' || text === '') return 'text is missing or empty'
  if (!isLabel(label)) return `label is ${JSON.stringify(label) ?? 'missing'}`
  return {
    id: name,
    text,
    label,
    ...(typeof category === 'string' ? { category } : {}),
    ...(typeof subcategory === 'string' ? { subcategory } : {}),
  }
}

function isLabel(value: unknown): value is Label {
  return value === 'benign' || value === 'malicious'
}

function describeId(row: unknown): string {
  const id = typeof row === 'object' && row !== null && 'id' in row ? row.id : undefined
  return typeof id === 'string' || typeof id === 'number' ? ` (id ${String(id).slice(0, 80)})` : ''
}
