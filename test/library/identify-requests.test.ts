import { expect, test } from 'vitest'
import { identifyRequests } from '../../src/library/identify-requests.ts'
import type { Prompt } from '../../src/model/prompt.ts'
import { prepareChatRequests } from '../../src/transport/chat-requests.ts'

const SPEC = { model: 'm', system: 's', prompt: 'p', temperature: 0, maxTokens: 16 }

const prompt = (text: string, given: Partial<Prompt> = {}): Prompt => ({ id: text, text, ...given })

function identify(prompts: readonly Prompt[], body?: Readonly<Record<string, unknown>>) {
  const extras = { token: 'tok-identity-4711', agentId: undefined, headers: [], body }
  return identifyRequests(prompts, prepareChatRequests(prompts, SPEC, extras))
}

test('tells prompts and their order apart, and not their ids', () => {
  const hashOf = (...texts: string[]) => identify(texts.map((text) => prompt(text))).promptsHash
  expect(hashOf('a', 'b')).toMatch(/^[\da-f]{16}$/)
  expect(hashOf('a', 'b')).toBe(identify([prompt('a', { id: '1' }), prompt('b')]).promptsHash)
  const others = [hashOf('a', 'b'), hashOf('b', 'a'), hashOf('ab'), hashOf('a'), hashOf()]
  expect(new Set(others).size).toBe(5)
})

test('tells conversations by their messages', () => {
  const hashOf = (content: string) =>
    identify([prompt('a', { messages: [{ role: 'user', content }] })]).promptsHash
  expect(hashOf('x')).not.toBe(hashOf('y'))
})

test('names further fields, and tells their values apart without holding them', () => {
  expect(identify([prompt('a')])).toMatchObject({ bodyFields: [] })
  expect(identify([prompt('a')])).not.toHaveProperty('bodyHash')
  const one = identify([prompt('a')], { top_p: 0.5, user: 'someone' })
  expect(one.bodyFields).toEqual(['top_p', 'user'])
  expect(one).toEqual(identify([prompt('a')], { user: 'someone', top_p: 0.5 }))
  expect(one.bodyHash).not.toBe(identify([prompt('a')], { top_p: 0.6, user: 'someone' }).bodyHash)
  expect(JSON.stringify(one)).not.toMatch(/someone|tok-identity/)
})
