import { describe, expect, test } from 'vitest'
import type { Prompt } from '../../src/model/prompt.ts'
import { prepareChatRequests } from '../../src/transport/chat-requests.ts'

const SPEC = { model: 'm', system: 'ours', prompt: '', temperature: 0, maxTokens: 16 }
const EXTRAS = { token: undefined, agentId: undefined, headers: [], body: undefined }
const OURS = { role: 'system', content: 'ours' }

function messagesSent(prompt: Omit<Prompt, 'id'>): unknown {
  const [request] = prepareChatRequests([{ id: 'a', ...prompt }], SPEC, EXTRAS)
  const body = JSON.parse(String(request?.body)) as { messages: unknown }
  return body.messages
}

describe('messages sent', () => {
  test('are the system prompt and the text', () => {
    expect(messagesSent({ text: 'hi' })).toEqual([OURS, { role: 'user', content: 'hi' }])
  })

  test('are those of the row, as they are, after the system prompt; its text is not sent', () => {
    const messages = [
      { role: 'user', content: [{ type: 'text', text: 'one' }] },
      { role: 'assistant', content: null, tool_calls: [{ id: 't1', type: 'function' }] },
      { role: 'tool', tool_call_id: 't1', content: '{}' },
    ]
    expect(messagesSent({ text: 'hi', messages })).toEqual([OURS, ...messages])
  })

  test.each(['system', 'developer'])('a %s message of the row replaces ours', (role) => {
    const messages = [
      { role, content: 'theirs' },
      { role: 'user', content: 'one' },
    ]
    expect(messagesSent({ text: 'hi', messages })).toEqual(messages)
  })
})
