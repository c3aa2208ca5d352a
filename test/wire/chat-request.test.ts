import { describe, expect, test } from 'vitest'
import {
  contentText,
  encodeChatRequest,
  lastUserText,
  parseChatRequest,
} from '../../src/wire/chat-request.ts'

const REQUEST = {
  model: 'm',
  messages: [
    { role: 'system', content: 's' },
    { role: 'user', content: 'hi' },
  ],
  temperature: 0,
  max_tokens: 16,
}

describe('encodeChatRequest', () => {
  test('sends the standard fields only, in a fixed order', () => {
    expect(encodeChatRequest(REQUEST)).toBe(
      '{"model":"m","messages":[{"role":"system","content":"s"},{"role":"user","content":"hi"}],"temperature":0,"max_tokens":16}',
    )
  })

  test('extra fields are added or override', () => {
    expect(JSON.parse(encodeChatRequest(REQUEST, { top_p: 1, temperature: 2 }))).toMatchObject({
      top_p: 1,
      temperature: 2,
    })
  })
})

describe('parseChatRequest', () => {
  test('reads what was encoded', () => {
    expect(parseChatRequest(encodeChatRequest(REQUEST))).toEqual({ ...REQUEST, stream: false })
  })

  test.each([
    ['{', 'not valid JSON'],
    ['[]', 'not a JSON object'],
    ['{"messages":[{"role":"user"}]}', 'model is missing'],
    ['{"model":"m"}', 'messages is missing'],
    ['{"model":"m","messages":[{}]}', 'needs a role'],
  ])('says what is wrong with %s', (body, reason) => {
    expect(parseChatRequest(body)).toContain(reason)
  })
})

test('content may be text, parts or null', () => {
  expect(contentText('a')).toBe('a')
  expect(
    contentText([{ type: 'text', text: 'a' }, { type: 'image_url' }, { type: 'text', text: 'b' }]),
  ).toBe('ab')
  expect(contentText(null)).toBe('')
  expect(
    lastUserText([
      { role: 'user', content: 'first' },
      { role: 'user', content: 'last' },
      { role: 'assistant', content: 'x' },
    ]),
  ).toBe('last')
})
