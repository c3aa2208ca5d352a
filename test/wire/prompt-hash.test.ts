import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ChatMessage } from '../../src/wire/chat-request.ts'
import { fingerprint, promptHash } from '../../src/wire/prompt-hash.ts'

const conversation: readonly ChatMessage[] = [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content: 'Hello' },
]

describe('promptHash', () => {
  test.each<[string, readonly unknown[]]>([
    [
      'another order of the keys',
      [
        { content: 'Be brief.', role: 'system' },
        { content: 'Hello', role: 'user' },
      ],
    ],
    [
      'fields that are null',
      [
        { role: 'system', content: 'Be brief.', name: null },
        { role: 'user', content: 'Hello' },
      ],
    ],
    [
      'text in parts',
      [
        { role: 'system', content: 'Be brief.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Hel' },
            { type: 'text', text: 'lo' },
          ],
        },
      ],
    ],
  ])('is the same with %s', (_, messages) => {
    expect(promptHash(messages as ChatMessage[])).toBe(promptHash(conversation))
  })

  test.each<[string, readonly unknown[]]>([
    ['a word', [conversation[0], { role: 'user', content: 'Hullo' }]],
    ['a role', [conversation[0], { role: 'tool', content: 'Hello' }]],
    ['a field', [conversation[0], { role: 'user', content: 'Hello', name: 'Ann' }]],
    ['the order of the messages', conversation.toReversed()],
    ['a message less', [conversation[1]]],
    ['a zero-width space', [conversation[0], { role: 'user', content: 'Hello\u200B' }]],
    [
      'an image',
      [
        conversation[0],
        { role: 'user', content: [{ type: 'text', text: 'Hello' }, { type: 'image_url' }] },
      ],
    ],
  ])('tells %s', (_, messages) => {
    expect(promptHash(messages as ChatMessage[])).not.toBe(promptHash(conversation))
  })

  test('walks into no nesting, however deep', () => {
    const deep = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000)) as unknown
    expect(promptHash([{ role: 'user', content: deep }])).toMatch(/^[0-9a-f]{16}$/)
  })
})

describe('fingerprint', () => {
  test('is 16 hexadecimal digits, whatever the text holds, and tells a character more', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ minLength: 1 }), (text, more) => {
        expect(fingerprint(text)).toMatch(/^[0-9a-f]{16}$/)
        expect(fingerprint(text + more)).not.toBe(fingerprint(text))
      }),
    )
  })

  test('tells 50,000 short texts apart in either half', () => {
    const prints = Array.from({ length: 50_000 }, (_, index) => fingerprint(`case ${index}`))
    expect(new Set(prints).size).toBe(prints.length)
    // 5e4 values of 32 bits: 0.3 collisions are expected of a good hash.
    for (const part of [0, 8]) {
      const half = new Set(prints.map((print) => print.slice(part, part + 8)))
      expect(half.size).toBeGreaterThan(prints.length - 10)
    }
  })
})
