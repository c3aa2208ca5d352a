import type { ChatMessage } from './chat-request.ts'
import { contentText } from './chat-request.ts'
import { isRecord } from './json.ts'

/** Deeper nesting than any prompt's is an attack on whoever walks through it. */
const DEEPEST = 32

/**
 * 64 bits of a text, 16 hexadecimal digits: FNV-1a over UTF-16 code units in two lanes of 32 bits with different primes.
 * Tells equal texts from others without keeping them; it does not hide them.
 */
export function fingerprint(text: string): string {
  let first = 0x811c9dc5
  let second = 0xcbf29ce4
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    first = Math.imul(first ^ code, 0x01000193)
    second = Math.imul(second ^ code, 0x85ebca6b)
    // A product's low bits never see the high bits of what was multiplied.
    second ^= second >>> 15
  }
  return hexadecimal(first) + hexadecimal(second)
}

/**
 * Fingerprint of a conversation as a model would read it: the order of an object's keys, fields that are null, and a
 * text given as a list of text parts make no difference. So a proxy that only writes JSON anew changes nothing.
 */
export function promptHash(messages: readonly ChatMessage[]): string {
  return fingerprint(promptText(messages))
}

/** The conversation as text, the same for all that `promptHash` takes for equal. */
export function promptText(messages: readonly ChatMessage[]): string {
  return JSON.stringify(
    messages.map((message) => ordered({ ...message, content: plainContent(message.content) }, 0)),
  )
}

function plainContent(content: unknown): unknown {
  const isText =
    Array.isArray(content) &&
    content.every((part: unknown) => isRecord(part) && typeof part['text'] === 'string')
  return isText ? contentText(content) : content
}

function ordered(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (depth > DEEPEST) return '...'
  if (Array.isArray(value)) return value.map((one) => ordered(one, depth + 1))
  const fields = Object.entries(value)
    .filter(([, one]) => one !== null && one !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
  // As a list, whose order JSON keeps; the first item tells it from a list of the prompt's own.
  return ['{', ...fields.map(([key, one]) => [key, ordered(one, depth + 1)])]
}

function hexadecimal(lane: number): string {
  return (lane >>> 0).toString(16).padStart(8, '0')
}
