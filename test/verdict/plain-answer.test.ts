import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { classify } from '../../src/verdict/classify.ts'
import { isPlainAnswer, JUDGED_HEADERS, PLAIN_ANSWER } from '../../src/verdict/plain-answer.ts'
import type { Reply } from '../../src/verdict/reply.ts'
import { completion } from '../helpers/chat-server.ts'
import { readVerdictFixtures, REQUEST } from '../helpers/verdict-fixtures.ts'

const fixtures = readVerdictFixtures()

const PLAIN: Reply = {
  status: 200,
  headers: new Map([
    ['content-type', 'application/json'],
    ['x-llmtrace-trace-id', 'abc'],
  ]),
  body: completion(),
}

/** A map that remembers which names it was asked for. */
class AskedMap extends Map<string, string> {
  readonly asked: string[] = []

  override get(name: string): string | undefined {
    this.asked.push(name)
    return super.get(name)
  }

  override has(name: string): boolean {
    this.asked.push(name)
    return super.has(name)
  }
}

describe('a plain answer', () => {
  test('is what models answer', () => {
    expect(isPlainAnswer(PLAIN)).toBe(true)
    const bare = JSON.stringify({ choices: [{ message: { content: 'OK' } }] })
    expect(isPlainAnswer({ ...PLAIN, body: bare })).toBe(true)
  })

  test.each(fixtures.filter(({ reply }) => isPlainAnswer(reply)))(
    'is allowed by the classifier: $name',
    ({ reply, request = REQUEST }) => {
      expect(classify(reply, request)).toMatchObject(PLAIN_ANSWER)
    },
  )

  test('is none of the replies that are something else', () => {
    const other = fixtures.filter(({ expected }) => expected.rule !== PLAIN_ANSWER.rule)
    expect(other.length).toBeGreaterThan(80)
    expect(other.filter(({ reply }) => isPlainAnswer(reply)).map(({ name }) => name)).toEqual([])
  })

  test('has none of the headers that rules look at', () => {
    const asked = new Set<string>()
    for (const { reply, request = REQUEST } of fixtures) {
      const headers = new AskedMap(reply.headers)
      classify({ ...reply, headers }, request)
      for (const name of headers.asked) asked.add(name)
    }
    expect([...asked].toSorted()).toEqual(JUDGED_HEADERS.toSorted())
  })

  test('stays allowed whatever is put into it', () => {
    const objects = fixtures.flatMap(({ reply }) => {
      try {
        const value: unknown = JSON.parse(reply.body)
        return typeof value === 'object' && value !== null && !Array.isArray(value) ? [value] : []
      } catch {
        return []
      }
    })
    const entries = objects.flatMap((one) => Object.entries(one as Record<string, unknown>))
    fc.assert(
      fc.property(
        fc.subarray(entries, { maxLength: 6 }),
        fc.constantFrom('body', 'choice', 'message'),
        fc.string(),
        (added, where, content) => {
          const message = { role: 'assistant', content }
          const choice = { index: 0, message, finish_reason: 'stop' }
          const answer = { object: 'chat.completion', model: 'm', choices: [choice] }
          const into = { body: answer, choice, message }[where]
          Object.assign(into, Object.fromEntries(added))
          const reply = { ...PLAIN, body: JSON.stringify(answer) }
          fc.pre(isPlainAnswer(reply))
          expect(classify(reply, REQUEST)).toMatchObject(PLAIN_ANSWER)
        },
      ),
      { numRuns: 500, maxSkipsPerRun: 1000 },
    )
  })
})
