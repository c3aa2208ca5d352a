import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  FaultyBytes,
  parseStreamFaults,
  PROXY_STREAM_FAULTS,
  type StreamFaults,
} from '../../../src/servers/proxy/stream-faults.ts'

const NONE: StreamFaults = {
  events: [],
  splitCharacters: false,
  coalesceMs: undefined,
  buffer: false,
  ignoreCancel: false,
}

const event = (data: unknown) => `data: ${JSON.stringify(data)}\n\n`
const content = (text: string) => event({ choices: [{ delta: { content: text } }] })
const STREAM = [
  event({ choices: [{ delta: { role: 'assistant', content: '' } }] }),
  content('One'),
  content(' zwölf'),
  event({ choices: [{ delta: {}, finish_reason: 'stop' }] }),
  event({ choices: [], usage: { total_tokens: 3 } }),
  'data: [DONE]\n\n',
]

/** What comes of bytes that arrive in pieces of these sizes, over and over. */
function passed(faults: StreamFaults, bytes: Uint8Array, sizes: readonly number[] = []) {
  const stream = new FaultyBytes(faults)
  const pieces = []
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % Math.max(1, sizes.length)] ?? bytes.length
    pieces.push(...stream.push(bytes.subarray(at, at + size)))
    at += size
  }
  return [...pieces, ...stream.flush()]
}

const textOf = (pieces: readonly { readonly bytes: Uint8Array }[]) =>
  Buffer.concat(pieces.map(({ bytes }) => bytes)).toString()
const faults = (text: string) => parseStreamFaults(text) ?? NONE

describe('FaultyBytes', () => {
  test('without faults gives the same bytes in the same pieces, whatever they are', () => {
    fc.assert(
      fc.property(
        fc.uint8Array(),
        fc.array(fc.integer({ min: 1, max: 9 })),
        fc.constantFrom('', 'buffer', 'coalesce:5ms', 'ignore-cancel'),
        (bytes, sizes, given) => {
          const pieces = passed(faults(given), bytes, sizes)
          expect(Buffer.concat(pieces.map((piece) => piece.bytes))).toEqual(Buffer.from(bytes))
          expect(pieces.some(({ apart }) => apart)).toBe(false)
        },
      ),
    )
  })

  test('with any faults gives the same however the bytes were cut', () => {
    const bytes = Buffer.from(STREAM.join(''))
    const some = fc.subarray(PROXY_STREAM_FAULTS.filter((name) => name !== 'coalesce'))
    fc.assert(
      fc.property(some, fc.array(fc.integer({ min: 1, max: 40 })), (given, sizes) => {
        const chosen = faults(given.join(','))
        expect(textOf(passed(chosen, bytes, sizes))).toBe(textOf(passed(chosen, bytes)))
      }),
    )
  })

  test.each([
    ['drop-role', STREAM.slice(1)],
    ['double-role', [STREAM[0], ...STREAM]],
    ['drop-usage', STREAM.toSpliced(4, 1)],
    ['drop-done', STREAM.slice(0, -1)],
    ['reorder', [0, 2, 1, 3, 4, 5].map((index) => STREAM[index])],
    ['alter', STREAM.with(1, content('Bar'))],
    ['no-space', STREAM.map((one) => one.replace('data: ', 'data:'))],
    ['crlf', STREAM.map((one) => one.replaceAll('\n', '\r\n'))],
    ['drop-done,drop-usage,drop-role', STREAM.slice(1, 4)],
    ['split-utf8', STREAM],
  ])('%s', (given, expected) => {
    expect(textOf(passed(faults(given), Buffer.from(STREAM.join(''))))).toBe(expected.join(''))
  })

  test('comments come between the events', () => {
    const text = textOf(passed(faults('comments'), Buffer.from(STREAM.join(''))))
    expect(text.replaceAll(': keep-alive\n\n', '')).toBe(STREAM.join(''))
    expect(text.split(': keep-alive\n\n')).toHaveLength(3)
  })

  test('split-utf8 sets apart what ends within a character, and nothing else', () => {
    const pieces = passed(faults('split-utf8'), Buffer.from(STREAM.join('')))
    const apart = pieces.filter((piece) => piece.apart)
    expect(pieces).toHaveLength(STREAM.length + 1)
    expect(apart).toHaveLength(1)
    expect(Buffer.from(apart[0]?.bytes ?? []).toString()).toMatch(/ zw\uFFFD$/)
  })

  test('an upstream with CRLF and a last event without its end are read too', () => {
    const crlf = STREAM.join('').replaceAll('\n', '\r\n').slice(0, -4)
    expect(textOf(passed(faults('drop-done'), Buffer.from(crlf)))).toBe(
      STREAM.slice(0, -1).join('').replaceAll('\n', '\r\n'),
    )
  })
})

describe('parseStreamFaults', () => {
  test('reads what is named', () => {
    expect(parseStreamFaults('')).toBeUndefined()
    expect(parseStreamFaults(' drop-role , coalesce:50ms,buffer,ignore-cancel,split-utf8')).toEqual(
      {
        events: ['no-role'],
        splitCharacters: true,
        coalesceMs: 50,
        buffer: true,
        ignoreCancel: true,
      },
    )
  })

  test.each([
    'boom',
    'coalesce',
    'coalesce:soon',
    'coalesce:0',
    'buffer:1s',
    'toString',
    'alter,x',
  ])('%j is refused by name', (text) => {
    const entry = text.split(',').at(-1) ?? ''
    expect(() => parseStreamFaults(text)).toThrow(JSON.stringify(entry))
  })
})
