import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HttpResponseReader, LONGEST_HEAD_BYTES } from '../../src/wire/http-response-reader.ts'
import { RESPONSE_CASES } from '../helpers/response-cases.ts'

interface Reading {
  readonly state: string
  readonly status: number | undefined
  readonly body: string
  readonly reusable: boolean
  readonly surplus: number
}

/** Reads bytes cut at these positions. */
function read(
  bytes: Buffer,
  cuts: readonly number[],
  options: { method?: string; closes?: boolean } = {},
): Reading {
  const body: Buffer[] = []
  let status: number | undefined
  const reader = new HttpResponseReader({
    onHead: (head) => {
      status = head.status
    },
    onBody: (piece, start, end) => body.push(Buffer.from(piece.subarray(start, end))),
  })
  reader.start(options.method ?? 'POST')
  const ends = [...new Set(cuts.filter((cut) => cut < bytes.length))].toSorted((a, b) => a - b)
  // Every piece comes in the same memory, as a socket's read buffer does.
  const memory = Buffer.alloc(bytes.length)
  let start = 0
  for (const end of [...ends, bytes.length]) {
    bytes.copy(memory, 0, start, end)
    reader.feed(memory.subarray(0, end - start))
    start = end
  }
  if (options.closes === true) reader.end()
  const { state, reusable, surplus } = reader
  return { state, status, body: Buffer.concat(body).toString('latin1'), reusable, surplus }
}

describe('HttpResponseReader', () => {
  describe.each(RESPONSE_CASES)('$name', ({ bytes, closes, status, body, reusable }) => {
    const whole = Buffer.from(bytes, 'latin1')
    const wanted = { state: 'complete', status, body, reusable, surplus: 0 }
    const options = { closes: closes === true }

    test('in one piece', () => {
      expect(read(whole, [], options)).toEqual(wanted)
    })

    test('split at every byte', () => {
      expect(read(whole, [...whole.keys()], options)).toEqual(wanted)
    })

    test('cut in two anywhere', () => {
      for (const cut of whole.keys()) expect(read(whole, [cut], options)).toEqual(wanted)
    })
  })

  test('any cut of any chunked body gives the same body', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 6 }),
        fc.array(fc.nat(400), { maxLength: 12 }),
        (chunks, cuts) => {
          const pieces = chunks.flatMap((chunk) => [
            Buffer.from(`${chunk.length.toString(16)}\r\n`),
            Buffer.from(chunk),
            Buffer.from('\r\n'),
          ])
          const head = Buffer.from('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n')
          const bytes = Buffer.concat([head, ...pieces, Buffer.from('0\r\n\r\n')])
          const inside = cuts.filter((cut) => cut < bytes.length)
          const reading = read(bytes, inside)
          expect(reading.state).toBe('complete')
          expect(reading.body).toBe(
            Buffer.concat(chunks.map((chunk) => Buffer.from(chunk))).toString('latin1'),
          )
        },
      ),
    )
  })

  test('fuzz: no bytes make it throw or hang, and it ends in a state it names', () => {
    const http = fc.constantFrom(
      'HTTP/1.1 200 OK\r\n',
      'content-length: 3\r\n',
      'transfer-encoding: chunked\r\n',
      '\r\n',
      '5\r\n',
      'abc',
      '0\r\n\r\n',
      'HTTP/1.1 100 C\r\n\r\n',
    )
    const piece = fc.oneof(
      http.map((text) => Buffer.from(text)),
      fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
    )
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 12 }),
        fc.array(fc.nat(200), { maxLength: 8 }),
        (pieces, cuts) => {
          const bytes = Buffer.concat(pieces)
          const whole = read(bytes, [], { closes: true })
          expect(['head', 'body', 'complete', 'error']).toContain(whole.state)
          // Where the bytes are cut changes nothing.
          expect(
            read(
              bytes,
              cuts.filter((cut) => cut < bytes.length),
              { closes: true },
            ),
          ).toEqual(whole)
        },
      ),
      { numRuns: 2000 },
    )
  })

  test('bytes after the response are surplus, and the connection is not used again', () => {
    const bytes = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n')
    expect(read(bytes, [])).toMatchObject({
      state: 'complete',
      body: 'ok',
      reusable: false,
      surplus: 17,
    })
  })

  test('a response to HEAD has no body whatever its headers say', () => {
    const bytes = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n')
    expect(read(bytes, [], { method: 'HEAD' })).toMatchObject({ state: 'complete', reusable: true })
  })

  test('a body that ends early does not complete', () => {
    const bytes = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel')
    expect(read(bytes, [], { closes: true })).toMatchObject({ state: 'body' })
    const chunked = Buffer.from(
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n',
    )
    expect(read(chunked, [], { closes: true })).toMatchObject({ state: 'body' })
  })

  test('chunked wins over content-length, and the connection ends with it', () => {
    const bytes = Buffer.from(
      'HTTP/1.1 200 OK\r\nContent-Length: 99\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n',
    )
    expect(read(bytes, [])).toMatchObject({ state: 'complete', body: 'ok', reusable: false })
  })

  test.each([
    ['not HTTP at all', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['HTTP/2', 'HTTP/2 200\r\n\r\n'],
    ['conflicting lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok'],
    ['a length that is no number', 'HTTP/1.1 200 OK\r\nContent-Length: 0x2\r\n\r\nok'],
    ['a negative length', 'HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n'],
    ['a folded header', 'HTTP/1.1 200 OK\r\nX-A: 1\r\n b\r\n\r\n'],
    ['a header without a colon', 'HTTP/1.1 200 OK\r\nX-A\r\n\r\n'],
    ['a space before the colon', 'HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\nok'],
    [
      'a chunk size that is no number',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
    ],
    [
      'a chunk longer than its size',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n',
    ],
    ['a switch of protocols', 'HTTP/1.1 101 Switching Protocols\r\n\r\n'],
    ['a head without end', `HTTP/1.1 200 OK\r\nX-A: ${'a'.repeat(LONGEST_HEAD_BYTES)}`],
  ])('%s is a protocol error', (_, bytes) => {
    expect(read(Buffer.from(bytes), []).state).toBe('error')
    expect(read(Buffer.from(bytes), [1, 10, 30]).state).toBe('error')
  })
})
