import type { Ground } from '../model/ground.ts'
import { isRecord, type JsonRecord, parseJson } from '../wire/json.ts'
import type { Reply } from './reply.ts'

/** What `classify` makes of a plain answer. */
export const PLAIN_ANSWER: Ground = { kind: 'allowed', rule: 'answer/complete' }

/** Every header that a signature looks at: with one of them a reply is not plain. */
export const JUDGED_HEADERS = [
  'x-llmtrace-action',
  'x-llmtrace-flagged',
  'x-llmtrace-findings',
  'x-llmtrace-score',
  'x-llmtrace-finding-type',
  'x-vsr-response-path',
  'x-vsr-fast-response',
  'x-vsr-jailbreak-blocked',
  'x-vsr-pii-violation',
  'x-vsr-response-warnings',
  'x-vsr-matched-jailbreak',
  'x-vsr-matched-pii',
] as const

const PLAIN_KEYS = {
  body: new Set('id object created model choices usage system_fingerprint service_tier'.split(' ')),
  choice: new Set('index message finish_reason'.split(' ')),
  message: new Set('role content'.split(' ')),
}

/** How an answer of a gateway that has it by heart may begin. */
const CANNED = /^\s*I'm sorry/

/**
 * Whether a reply is an ordinary chat completion, with nothing in it that any rule could look at: `classify` would allow
 * it, at several times the cost. Says no wherever it is not sure.
 */
export function isPlainAnswer({ status, outcome, headers, body }: Reply): boolean {
  if (status !== 200 || outcome !== undefined) return false
  if (JUDGED_HEADERS.some((name) => headers.has(name))) return false
  const answer = parseJson(body)
  if (!isRecord(answer) || !hasOnly(answer, PLAIN_KEYS.body)) return false
  const { object = 'chat.completion', model = '', choices, usage } = answer
  if (object !== 'chat.completion' || typeof model !== 'string' || model.startsWith('from-')) {
    return false
  }
  // Where no tokens were counted, no model may have answered; where nobody counts, that says nothing.
  if (isRecord(usage) && !(Number(usage['completion_tokens']) > 0)) return false
  return Array.isArray(choices) && choices.length > 0 && choices.every((one) => isPlainChoice(one))
}

function isPlainChoice(choice: unknown): boolean {
  if (!isRecord(choice) || !hasOnly(choice, PLAIN_KEYS.choice)) return false
  const { message, finish_reason: reason } = choice
  if (!isRecord(message) || !hasOnly(message, PLAIN_KEYS.message)) return false
  const { content } = message
  if (typeof content !== 'string' || content.trim() === '' || CANNED.test(content)) return false
  return reason == null || reason === 'stop' || reason === 'length'
}

/** Further keys may be there, with nothing in them. */
function hasOnly(record: JsonRecord, keys: ReadonlySet<string>): boolean {
  for (const key in record) {
    if (keys.has(key)) continue
    const value = record[key]
    if (value !== null && !(Array.isArray(value) && value.length === 0)) return false
  }
  return true
}
