import { afterEach, describe, expect, test } from 'vitest'
import {
  type DirectedAnswer,
  DirectedAnswers,
  directedTokens,
} from '../../../src/servers/simulator/directed-answers.ts'
import {
  type RunningSimulator,
  startSimulator,
} from '../../../src/servers/simulator/start-simulator.ts'
import { contentOf, readStream } from '../../helpers/read-stream.ts'

const user = (content: string) => ({ role: 'user', content })
const system = (content: string) => ({ role: 'system', content })
const directed = (given: Partial<DirectedAnswer>): DirectedAnswer => ({
  id: 'row',
  messages: [user('Is the boat free?')],
  text: 'It is free. KEY-12345678 is the code.',
  split: false,
  parts: [{ start: 12, end: 24 }],
  ...given,
})

describe('DirectedAnswers', () => {
  const answers = new DirectedAnswers([
    directed({ id: 'plain' }),
    directed({ id: 'with system', messages: [system('Ahoy.'), user('Is the boat free?')] }),
    directed({ id: 'second of the same', messages: [user('Is the boat free?')] }),
    directed({ id: 'other', messages: [user('Two\nlines')] }),
  ])
  const found = (...messages: { role: string; content: unknown }[]) => answers.find(messages)?.id

  test('are found by the whole conversation first, then by the last user message', () => {
    expect(found(user('Is the boat free?'))).toBe('plain')
    expect(found(system('Ahoy.'), user('Is the boat free?'))).toBe('with system')
    expect(found(system('Of a proxy.'), user('Is the boat free?'))).toBe('plain')
  })

  test('are found whatever the spaces, and as parts', () => {
    expect(found(user(' Two  lines\n'))).toBe('other')
    expect(found({ role: 'user', content: [{ type: 'text', text: 'Two\nlines' }] })).toBe('other')
    expect(found(user('Two lines more'))).toBeUndefined()
    expect(new DirectedAnswers([]).find([user('Two\nlines')])).toBeUndefined()
  })
})

describe('directedTokens', () => {
  test('are the words of the text, with the spaces', () => {
    const { content, finishReason } = directedTokens(
      directed({ text: ' One\n two  three ', parts: [] }),
    )
    expect(content).toEqual([' One', '\n two', '  three '])
    expect(finishReason).toBe('stop')
  })

  test('a part that is to come in pieces does so, however short', () => {
    const parts = [{ start: 0, end: 2 }]
    expect(directedTokens(directed({ text: 'K9 sat', parts, split: true })).content).toEqual([
      'K',
      '9',
      ' sat',
    ])
  })

  test.each([false, true])('a part of several words and one of a long word, split: %j', (split) => {
    const text = 'Call Jo Marsh, 12 Quay Street, code=abcdefghijkl.'
    const parts = [
      { start: 5, end: 30 },
      { start: 31, end: 48 },
    ]
    const { content } = directedTokens(directed({ text, parts, split }))
    expect(content.join('')).toBe(text)
    const whole = parts.filter(({ start, end }) =>
      content.some((token) => token.includes(text.slice(start, end))),
    )
    expect(whole).toHaveLength(split ? 0 : 2)
  })
})

describe('the simulator', () => {
  const running: RunningSimulator[] = []
  afterEach(async () => {
    for (const simulator of running.splice(0)) await simulator.close(0)
  })

  test('says what is directed, whole, whatever max_tokens, and logs the row', async () => {
    const simulator = await startSimulator({ answers: [directed({})], reasoning: 5 })
    running.push(simulator)
    const messages = [system('Of a proxy.'), user('Is the boat free?')]
    const streamed = await readStream(simulator.url, { messages, max_tokens: 2 })
    expect(contentOf(streamed)).toBe(directed({}).text)
    expect(streamed.text).toContain('"finish_reason":"stop"')
    const plain = await readStream(simulator.url, { messages, max_tokens: 2, stream: false })
    expect(plain.text).toContain(directed({}).text)
    await readStream(simulator.url, { messages: [user('Something else')] })
    const page = await fetch(`${simulator.url}/simulator/log`)
    const { entries } = (await page.json()) as { entries: Record<string, unknown>[] }
    expect(entries.map((entry) => entry['directed'])).toEqual(['row', 'row', undefined])
  })
})
