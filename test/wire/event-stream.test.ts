import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readEventStream } from '../../src/wire/event-stream.ts'

const dataOf = (text: string) => readEventStream(text).map(({ data }) => data)

describe('readEventStream', () => {
  test.each([
    ['with a space and without', 'data: a\n\ndata:b\n\n', ['a', 'b']],
    ['CR and CRLF', 'data: a\r\n\r\ndata: b\r\rdata: c\n\n', ['a', 'b', 'c']],
    ['several lines', 'data: a\ndata: b\n\n', ['a\nb']],
    ['a cut end', 'data: a\n\ndata: b', ['a', 'b']],
    ['a byte order mark', '\uFEFFdata: a\n\n', ['a']],
    ['comments, ids, unknown fields', ': hello\nid: 1\nretry: x\nwhat: ever\ndata: a\n\n', ['a']],
    ['no events', '{"error": 1}', []],
    ['an empty text', '', []],
  ])('%s', (_, text, data) => {
    expect(dataOf(text)).toEqual(data)
  })

  test('names of events', () => {
    expect(readEventStream('event: error\ndata: a\n\ndata: b\n\n')).toEqual([
      { event: 'error', data: 'a' },
      { event: undefined, data: 'b' },
    ])
  })

  test('what was sent is read back', () => {
    fc.assert(
      fc.property(fc.array(fc.string().map((text) => JSON.stringify(text))), (sent) => {
        expect(dataOf(sent.map((data) => `data: ${data}\n\n`).join(''))).toEqual(sent)
      }),
    )
  })

  test('a megabyte of line breaks takes no longer than one of text', () => {
    expect(dataOf(`data: a\n\n${'\r'.repeat(1_000_000)}data: b`)).toEqual(['a', 'b'])
  })
})
