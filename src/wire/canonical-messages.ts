import { type ChatMessage, contentText } from './chat-request.ts'
import { isRecord } from './json.ts'

/**
 * Messages in one notation, whoever wrote them: keys in order, absent and null fields left out, a list of nothing but
 * texts as their text. A proxy that only writes the JSON anew has changed nothing, and its prompts are to look equal.
 */
export function canonicalMessages(messages: readonly ChatMessage[]): string {
  return JSON.stringify(
    messages.map((message) => canonical({ ...message, content: plainContent(message.content) })),
  )
}

function plainContent(content: unknown): unknown {
  const texts =
    Array.isArray(content) &&
    content.every((part: unknown) => isRecord(part) && typeof part['text'] === 'string')
  return texts ? contentText(content) : content
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((one: unknown) => canonical(one))
  if (!isRecord(value)) return value
  const keys = Object.keys(value).filter((key) => value[key] !== null && value[key] !== undefined)
  keys.sort()
  return Object.fromEntries(keys.map((key) => [key, canonical(value[key])]))
}
