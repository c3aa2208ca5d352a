import type { UndecidedReason } from '../model/verdict.ts'
import { evidence } from './evidence.ts'
import type { ReplyView } from './read-reply.ts'
import { type Claim, claimOf } from './signatures/family.ts'

/** What keeps a reply without any other sign from being an answer. */
export function lackOf(view: ReplyView): Claim | undefined {
  const { answer, status, streamed, done, text, objects } = view
  if (status < 200 || status >= 300) return lack('unexplained', 'status', `${status} ${text}`)
  if (!answer.found) {
    const nothing = text.trim() === '' || (streamed && objects.length === 0)
    return lack(nothing ? 'empty' : 'unreadable', 'body', text)
  }
  if (streamed && !done && answer.finishReasons.length === 0) {
    return lack('cut-short', 'body', text.slice(-200))
  }
  return isEmpty(view) ? lack('empty', 'content', answer.finishReasons.join(', ')) : undefined
}

/** Reasoning that came to its end is an answer too. */
function isEmpty({ answer }: ReplyView): boolean {
  const { content, refusal, reasoning, callsTools } = answer
  return `${content}${refusal}${reasoning}`.trim() === '' && !callsTools
}

function lack(reason: UndecidedReason, field: string, value: string): Claim | undefined {
  const kind = reason === 'unexplained' ? 'status' : 'answer'
  return claimOf({ kind: 'undecided', reason }, [evidence(kind, field, value)])
}
