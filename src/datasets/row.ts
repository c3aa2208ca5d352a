import type { Label, Prompt, PromptMessage } from '../model/prompt.ts'

/** A row whose id, text, label and messages are known to be good; every other field is as it came. */
export type CheckedRow = Readonly<Record<string, unknown>> & {
  readonly id: string | number
  readonly text: string
  readonly label: Label
  readonly messages?: readonly PromptMessage[]
}

/** What is wrong with a row; undefined for a good one, which then is a CheckedRow. */
export function rowProblem(row: unknown): string | undefined {
  if (typeof row !== 'object' || row === null || Array.isArray(row)) return 'not an object'
  const { id, text, label, messages } = row as Record<string, unknown>
  if ((typeof id !== 'string' || id === '') && typeof id !== 'number') return 'id is missing'
  if (typeof text !== 'string' || text === '') return 'text is missing or empty'
  if (label !== 'benign' && label !== 'malicious') {
    return `label is ${JSON.stringify(label)?.slice(0, 80) ?? 'missing'}`
  }
  if (messages !== undefined && !isConversation(messages)) {
    return 'messages is not a list of objects that each have a role'
  }
  return undefined
}

function isConversation(value: unknown): value is readonly PromptMessage[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((message) => isRecord(message) && typeof message['role'] === 'string')
  )
}

/** The optional fields that we know, in the order in which rows are written, and what each has to be. */
const OPTIONAL: Readonly<Record<string, (value: unknown) => boolean>> = {
  category: isText,
  subcategory: isText,
  source: isText,
  difficulty: (value) => typeof value === 'number',
  language: isText,
  pairId: isText,
  rationale: isText,
  owasp: isTextList,
  atlas: isTextList,
  messages: isConversation,
  expect: () => true,
  metadata: isRecord,
}

const REQUIRED = new Set(['id', 'text', 'label'])

/** The prompt of a row. Fields that are unknown, or of another type than ours, are kept in `extra`. */
export function toPrompt(row: CheckedRow): Prompt {
  const known: [string, unknown][] = []
  const unknown: [string, unknown][] = []
  for (const [key, value] of Object.entries(row)) {
    if (REQUIRED.has(key)) continue
    const fits = Object.hasOwn(OPTIONAL, key) && OPTIONAL[key]?.(value) === true
    ;(fits ? known : unknown).push([key, value])
  }
  return {
    id: String(row.id),
    text: row.text,
    label: row.label,
    ...Object.fromEntries(known),
    ...(unknown.length === 0 ? {} : { extra: Object.fromEntries(unknown) }),
  }
}

/** The row of a prompt, as dataset files have it: `toPrompt` gives the prompt back. */
export function toRow(prompt: Prompt): Record<string, unknown> {
  const fields = prompt as unknown as Readonly<Record<string, unknown>>
  const known = Object.keys(OPTIONAL).filter((key) => fields[key] !== undefined)
  return {
    id: prompt.id,
    text: prompt.text,
    label: prompt.label,
    ...Object.fromEntries(known.map((key) => [key, fields[key]])),
    ...prompt.extra,
  }
}

function isText(value: unknown): boolean {
  return typeof value === 'string'
}

function isTextList(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'string')
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
