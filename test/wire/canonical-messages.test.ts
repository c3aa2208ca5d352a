import { describe, expect, test } from 'vitest'
import { canonicalMessages } from '../../src/wire/canonical-messages.ts'

const PLAIN = [{ role: 'user', content: 'hi' }]

describe('canonical messages', () => {
  test.each([
    ['other key order', [{ content: 'hi', role: 'user' }]],
    ['null fields added', [{ role: 'user', content: 'hi', tool_calls: null, name: null }]],
    ['text as a list of parts', [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }]],
  ])('%s is the same', (_, messages) => {
    expect(canonicalMessages(messages)).toBe(canonicalMessages(PLAIN))
  })

  test.each([
    ['another text', [{ role: 'user', content: 'ho' }]],
    ['another role', [{ role: 'tool', content: 'hi' }]],
    ['a message more', [{ role: 'system', content: 'x' }, ...PLAIN]],
    [
      'a picture beside the text',
      [{ role: 'user', content: [{ type: 'text', text: 'hi' }, { type: 'image_url' }] }],
    ],
    ['a nested change', [{ role: 'user', content: 'hi', tool_calls: [{ id: 'a' }] }]],
  ])('%s is not', (_, messages) => {
    expect(canonicalMessages(messages)).not.toBe(canonicalMessages(PLAIN))
  })

  test('nested keys are in order too', () => {
    const call = (entries: Record<string, unknown>) => [
      { role: 'assistant', tool_calls: [entries] },
    ]
    expect(canonicalMessages(call({ b: 1, a: { d: 1, c: 2 } }))).toBe(
      canonicalMessages(call({ a: { c: 2, d: 1 }, b: 1 })),
    )
  })
})
