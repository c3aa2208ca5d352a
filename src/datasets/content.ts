import type { PromptMessage } from '../model/prompt.ts'

interface Content {
  readonly text: string
  readonly messages?: readonly PromptMessage[] | undefined
}

/**
 * What makes two rows the same: what is sent. Rows of tool-call sets share the user's text and differ in a tool's
 * answer, so the text alone would throw most of them away.
 */
export function contentKey({ text, messages }: Content): string {
  return messages === undefined ? text : JSON.stringify(messages)
}

/** UTF-16 units of all that is sent of the row. */
export function contentLength({ text, messages }: Content): number {
  if (messages === undefined) return text.length
  return messages.reduce((sum, message) => sum + messageText(message).length, 0)
}

/** All words that are sent, for comparing rows. */
export function contentText({ text, messages }: Content): string {
  return messages === undefined ? text : messages.map((message) => messageText(message)).join('\n')
}

function messageText({ content }: PromptMessage): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return content
    .map((part: unknown) =>
      typeof part === 'object' && part !== null && 'text' in part && typeof part.text === 'string'
        ? part.text
        : '',
    )
    .join('')
}
