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

describe('streams and lengths', () => {
  const bodyOf = (spec: object, prompt: Partial<Prompt> = {}, body?: Record<string, unknown>) => {
    const prompts = [{ id: 'a', text: 'hi', ...prompt }]
    const [request] = prepareChatRequests(prompts, { ...SPEC, ...spec }, { ...EXTRAS, body })
    return JSON.parse(String(request?.body)) as Record<string, unknown>
  }

  test('are asked for with usage', () => {
    expect(bodyOf({ stream: true })).toMatchObject({
      stream: true,
      stream_options: { include_usage: true },
    })
    expect(Object.keys(bodyOf({}))).toEqual(['model', 'messages', 'temperature', 'max_tokens'])
  })

  test('a prompt may have a cap of its own, and no end of its own accord', () => {
    expect(bodyOf({ ignoreEos: true }, { maxTokens: 5 })).toMatchObject({
      max_tokens: 5,
      ignore_eos: true,
    })
    expect(bodyOf({ ignoreEos: true }, {}, { ignore_eos: false })['ignore_eos']).toBe(false)
  })
})
