import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SessionMemory } from '../../../src/servers/chatbot/session-memory.ts'

const user = (content: string) => ({ role: 'user', content })
const assistant = (content: string) => ({ role: 'assistant', content })

describe('SessionMemory', () => {
  test('remembers a session in order, and no other', () => {
    const memory = new SessionMemory(10, 10)
    memory.remember('a', [user('one'), assistant('two')])
    memory.remember('a', [user('three')])
    expect(memory.recall('a')).toEqual([user('one'), assistant('two'), user('three')])
    expect(memory.recall('b')).toEqual([])
    expect(memory.forget('a')).toBe(true)
    expect(memory.recall('a')).toEqual([])
  })

  test('forgets the session unused for longest', () => {
    const memory = new SessionMemory(2, 10)
    memory.remember('a', [user('1')])
    memory.remember('b', [user('2')])
    memory.remember('a', [assistant('3')])
    memory.remember('c', [user('4')])
    expect(['a', 'b', 'c'].map((session) => memory.recall(session).length)).toEqual([2, 0, 1])
  })

  test('never holds more than it may, and never begins with an answer', () => {
    const said = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.nat(3)), { maxLength: 40 })
    fc.assert(
      fc.property(said, fc.integer({ min: 1, max: 5 }), (turns, most) => {
        const memory = new SessionMemory(2, most)
        for (const [session, count] of turns) {
          memory.remember(session, [
            user('q'),
            ...Array.from({ length: count }, () => assistant('a')),
          ])
        }
        expect(memory.size).toBeLessThanOrEqual(2)
        for (const session of ['a', 'b', 'c']) {
          const messages = memory.recall(session)
          expect(messages.length).toBeLessThanOrEqual(most)
          expect(['user', undefined]).toContain(messages[0]?.role)
        }
      }),
    )
  })
})
