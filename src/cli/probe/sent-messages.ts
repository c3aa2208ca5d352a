import type { Prompt } from '../../model/prompt.ts'
import { type ChatMessage, lastUserText, parseChatRequest } from '../../wire/chat-request.ts'
import { promptHash } from '../../wire/prompt-hash.ts'
import type { PreparedRun } from '../prepare-run.ts'

/** What logs keep of a text. */
const KEPT_CHARACTERS = 200

/** The messages of each case's request, by the case's id: what --body puts in their place included. */
export function sentMessages({
  prompts,
  head,
  requestsOf,
}: PreparedRun): (prompt: Prompt) => readonly ChatMessage[] {
  const [endpoint] = head.plan.endpoints
  const requests = endpoint === undefined ? [] : requestsOf(endpoint)
  const places = new Map(prompts.map(({ id }, index) => [id, index]))
  return ({ id }) => {
    const parsed = parseChatRequest(String(requests[places.get(id) ?? -1]?.body ?? ''))
    return typeof parsed === 'string' ? [] : parsed.messages
  }
}

/** As the logs of arrivals give it. */
export function promptFacts(messages: readonly ChatMessage[]) {
  return {
    promptHash: promptHash(messages),
    lastUserText: lastUserText(messages).slice(0, KEPT_CHARACTERS),
  }
}
