import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { StreamReader } from '../../src/wire/stream-reader.ts'
import {
  contentEvent,
  dataEvent,
  DONE_EVENT,
  finishEvent,
  ROLE_EVENT,
  usageEvent,
  wholeStream,
} from '../helpers/stream-events.ts'

/** Reads the bytes in pieces that end at `cuts`, the piece number being the instant. */
function readPieces(bytes: Buffer, cuts: readonly number[] = []): StreamReader {
  const reader = new StreamReader()
  const ends = [...new Set([...cuts, bytes.length])].filter((cut) => cut <= bytes.length)
  ends.sort((one, other) => one - other)
  let start = 0
  for (const [index, end] of ends.entries()) {
    // Overwritten afterwards, as a socket's buffer is.
    const piece = Buffer.from(bytes.subarray(start, end))
    reader.read(piece, index)
    piece.fill(0)
    start = end
  }
  reader.end()
  return reader
}

const readText = (text: string) => readPieces(Buffer.from(text))

/** What does not depend on how the bytes were cut. */
function contentOf(reader: StreamReader) {
  const { events, chunks, gaps, inputTokens, outputTokens, finishReason } = reader
  const { done, afterDone, roleFrame, errorEvent, malformed, comments } = reader
  const { carriageReturns, noSpace, brokenText, contentLength, reasoningLength, hash } = reader
  return {
    ...{ events, chunks, gaps: gaps.length, inputTokens, outputTokens, finishReason },
    ...{ done, afterDone, roleFrame, errorEvent, malformed, comments },
    ...{ carriageReturns, noSpace, brokenText, contentLength, reasoningLength },
    ...{ ordered: hash.ordered, unordered: hash.unordered },
  }
}

describe('a whole stream', () => {
  const reader = readText(wholeStream(['Hel', 'lo', ' world']))

  test('gives counts, usage, reason and end', () => {
    expect(reader).toMatchObject({
      events: 7,
      chunks: 3,
      contentLength: 11,
      inputTokens: 7,
      outputTokens: 3,
      finishReason: 'stop',
      done: true,
      roleFrame: true,
      afterDone: false,
      errorEvent: false,
      malformed: false,
      comments: false,
      carriageReturns: false,
      noSpace: false,
      brokenText: false,
    })
  })

  test('that came in one read has one instant, and gaps of 0', () => {
    expect(reader).toMatchObject({ reads: 1, contentReads: 1, largestRead: 3, gaps: [0, 0] })
    expect([reader.firstEventAt, reader.firstTokenAt, reader.lastTokenAt]).toEqual([0, 0, 0])
  })
})

test('instants are those of the reads that completed the events', () => {
  const reader = new StreamReader()
  reader.read(Buffer.from(ROLE_EVENT), 10)
  reader.read(Buffer.from(contentEvent('a').slice(0, 9)), 12)
  reader.read(Buffer.from(contentEvent('a').slice(9)), 15)
  reader.read(Buffer.from(contentEvent('b') + contentEvent('c')), 20)
  reader.read(Buffer.from(finishEvent()), 21)
  reader.end()
  expect(reader).toMatchObject({
    firstEventAt: 10,
    firstTokenAt: 15,
    lastTokenAt: 20,
    gaps: [5, 0],
    reads: 5,
    contentReads: 2,
    largestRead: 2,
  })
})

test('pieces of one read, as chunked coding cuts it, count as one', () => {
  const reader = new StreamReader()
  reader.read(Buffer.from(contentEvent('a')), 3)
  reader.read(Buffer.from(contentEvent('b')), 3)
  expect(reader).toMatchObject({ reads: 1, contentReads: 1, largestRead: 2 })
})

test.each([
  [
    'reasoning_content',
    { choices: [{ delta: { reasoning_content: 'hm' } }] },
    { reasoningLength: 2 },
  ],
  ['reasoning', { choices: [{ delta: { reasoning: 'hm' } }] }, { reasoningLength: 2 }],
  ['text of the older API', { choices: [{ text: 'abc' }] }, { contentLength: 3 }],
  [
    'a list of parts',
    { choices: [{ delta: { content: [{ type: 'text', text: 'ab' }] } }] },
    { contentLength: 2 },
  ],
  [
    'a role beside content',
    { choices: [{ delta: { role: 'assistant', content: 'x' } }] },
    { roleFrame: false },
  ],
])('%s counts as something to read', (_, event, expected) => {
  expect(readText(dataEvent(event))).toMatchObject({ chunks: 1, ...expected })
})

test.each([
  ['a role', ROLE_EVENT],
  ['tool calls', dataEvent({ choices: [{ delta: { tool_calls: [{ index: 0 }] } }] })],
  ['null content', dataEvent({ choices: [{ delta: { content: null } }] })],
  ['no choices', usageEvent(2)],
  ['a JSON answer without events', '{"choices":[{"message":{"content":"OK"}}]}'],
  ['nothing', ''],
])('%s has no content chunk', (_, text) => {
  expect(readText(text)).toMatchObject({ chunks: 0, firstTokenAt: undefined, gaps: [] })
})

test.each([
  ['comments', `: ping\n\n${contentEvent('a')}`],
  ['carriageReturns', contentEvent('a').replaceAll('\n', '\r\n')],
  ['carriageReturns', contentEvent('a').replaceAll('\n', '\r')],
  ['noSpace', contentEvent('a').replaceAll('data: ', 'data:')],
  ['errorEvent', `${contentEvent('a')}${dataEvent({ error: { message: 'no' } })}`],
  ['errorEvent', `${contentEvent('a')}event: error\ndata: gone\n\n`],
  ['afterDone', contentEvent('a') + DONE_EVENT + finishEvent()],
  ['malformed', `${contentEvent('a')}data: {"cho\n\n`],
  ['doubleRole', ROLE_EVENT + ROLE_EVENT + contentEvent('a')],
  ['afterDone', contentEvent('a') + DONE_EVENT + contentEvent('b')],
  ['brokenText', contentEvent('a\uFFFD')],
] as const)('%s is seen', (flag, text) => {
  const reader = readText(text)
  expect(reader[flag]).toBe(true)
  expect(reader.chunks).toBe(1)
})

test('bytes that are no UTF-8 are seen, and a character across two reads is not one', () => {
  const event = Buffer.from(contentEvent('\u00e9'))
  const inside = event.indexOf(0xc3) + 1
  expect(readPieces(event, [inside]).brokenText).toBe(false)
  expect(
    readPieces(Buffer.concat([event.subarray(0, inside), event.subarray(inside + 1)])).brokenText,
  ).toBe(true)
})

test('the last event counts although its empty line is missing', () => {
  expect(readText('data: [DONE]').done).toBe(true)
})

test('a byte order mark is no part of the first line', () => {
  expect(readText(`\uFEFF${contentEvent('a')}`).chunks).toBe(1)
})

test('the same letters in another order have another hash, and the same sum', () => {
  const [one, other, third] = ['ab', 'ba', 'ac'].map((text) => readText(contentEvent(text)).hash)
  expect(one?.ordered).not.toBe(other?.ordered)
  expect(one?.unordered).toBe(other?.unordered)
  expect(one?.unordered).not.toBe(third?.unordered)
})

const pieceOfStream = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => contentEvent(text)),
  fc.constantFrom(
    ROLE_EVENT,
    DONE_EVENT,
    finishEvent('length'),
    usageEvent(3),
    ': keep-alive\n\n',
    'data:{"choices":[]}\r\n\r\n',
    'event: error\ndata: {"error":{}}\n\n',
    'data: {"half\n\n',
    'data: a\rdata: b\r\r',
    '\uFEFF',
    'id: 7\nretry: 10\n',
  ),
)

describe('however the bytes are cut', () => {
  test('events, content and flags are the same, and instants never go back', () => {
    fc.assert(
      fc.property(
        fc.array(pieceOfStream, { maxLength: 12 }),
        fc.array(fc.nat(2000), { maxLength: 40 }),
        (pieces, cuts) => {
          const bytes = Buffer.from(pieces.join(''))
          const cut = readPieces(bytes, cuts)
          expect(contentOf(cut)).toEqual(contentOf(readPieces(bytes)))
          const { firstEventAt = 0, firstTokenAt = firstEventAt, lastTokenAt = firstTokenAt } = cut
          expect(firstEventAt).toBeLessThanOrEqual(firstTokenAt)
          expect(firstTokenAt).toBeLessThanOrEqual(lastTokenAt)
          expect(cut.gaps.every((gap) => gap >= 0)).toBe(true)
          expect(cut.gaps.reduce((sum, gap) => sum + gap, 0)).toBe(lastTokenAt - firstTokenAt)
          expect(cut.gaps).toHaveLength(Math.max(0, cut.chunks - 1))
        },
      ),
      { numRuns: 300 },
    )
  })

  test('any bytes are read without an error, and the same', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 400 }),
        fc.array(fc.nat(400), { maxLength: 20 }),
        (noise, cuts) => {
          const bytes = Buffer.concat([
            Buffer.from('data: '),
            Buffer.from(noise),
            Buffer.from('\n\n'),
          ])
          expect(contentOf(readPieces(bytes, cuts))).toEqual(contentOf(readPieces(bytes)))
        },
      ),
      { numRuns: 300 },
    )
  })
})
