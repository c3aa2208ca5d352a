import { readReply } from './read-reply.ts'
import type { Reply } from './reply.ts'

/** What a person should see of a reply first: its answer, its refusal, its reasoning, its error, or its bytes. */
export function previewOf(reply: Reply): string {
  const view = readReply(reply)
  if (view === undefined) return `[no response] ${reply.outcome ?? ''}`.trim()
  const { answer, errors } = view
  if (answer.content !== '') return answer.content
  if (answer.refusal !== '') return `[refusal] ${answer.refusal}`
  if (answer.reasoning !== '') return `[reasoning-only response] ${answer.reasoning}`
  if (answer.callsTools) return '[tool calls]'
  const [error] = errors
  if (error !== undefined) return `[error] ${error.message}`
  return view.text === '' ? '[empty]' : view.text
}

/** The text of an answer; undefined where there is none. */
export function answerOf(reply: Reply): string | undefined {
  const content = readReply(reply)?.answer.content ?? ''
  return content === '' ? undefined : content
}
