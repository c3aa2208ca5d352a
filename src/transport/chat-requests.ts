import type { RequestSpec } from '../model/plan.ts'
import type { Prompt } from '../model/prompt.ts'
import { headerSafe } from '../wire/case-id.ts'
import { type ChatMessage, encodeChatRequest } from '../wire/chat-request.ts'
import { AGENT_ID_HEADER, CASE_ID_HEADER } from '../wire/headers.ts'
import type { PreparedRequest } from './transport.ts'

export interface RequestExtras {
  readonly token: string | undefined
  readonly agentId: string | undefined
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** Fields added to each body. */
  readonly body: Readonly<Record<string, unknown>> | undefined
}

/** Usage comes only when it is asked for, and TPOT only from usage. */
const STREAMED = { stream: true, stream_options: { include_usage: true } }

/** One request a prompt, encoded before the run so that the hot path only writes bytes. */
export function prepareChatRequests(
  prompts: readonly Prompt[],
  spec: RequestSpec,
  extras: RequestExtras,
): PreparedRequest[] {
  const { token, agentId, body } = extras
  const shared: [string, string][] = [['content-type', 'application/json']]
  if (token !== undefined) shared.push(['authorization', `Bearer ${token}`])
  if (agentId !== undefined) shared.push([AGENT_ID_HEADER, agentId])
  for (const [name, value] of extras.headers) shared.push([name, value])
  return prompts.map((prompt) => ({
    method: 'POST',
    headers:
      prompt.label === undefined ? shared : [...shared, [CASE_ID_HEADER, headerSafe(prompt.id)]],
    body: Buffer.from(
      encodeChatRequest(
        {
          model: spec.model,
          messages: messagesOf(prompt, spec.system),
          temperature: spec.temperature,
          max_tokens: prompt.maxTokens ?? spec.maxTokens,
          ...(spec.stream ? STREAMED : {}),
        },
        spec.ignoreEos ? { ignore_eos: true, ...body } : body,
      ),
    ),
  }))
}

/**
 * A conversation goes out as its dataset has it. Its own system message (`developer` is the newer name of the same)
 * stands in for `--system`: with both, the case would no longer be the one that its author labelled.
 */
function messagesOf({ text, messages }: Prompt, system: string): readonly ChatMessage[] {
  const ours = { role: 'system', content: system }
  if (messages === undefined) return [ours, { role: 'user', content: text }]
  const hasOwn = messages.some(({ role }) => role === 'system' || role === 'developer')
  return hasOwn ? messages : [ours, ...messages]
}
