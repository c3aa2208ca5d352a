import { describe, expect, test } from 'vitest'
import { assertHeader, encodeRequestHead } from '../../src/wire/http-request.ts'

const HEAD = {
  method: 'POST',
  target: '/v1/chat/completions?x=1',
  host: '127.0.0.1:8082',
  headers: [['content-type', 'application/json']] as const,
  bodyBytes: 12,
  keepAlive: true,
}

describe('encodeRequestHead', () => {
  test('writes line, host, headers and length', () => {
    expect(encodeRequestHead(HEAD)).toBe(
      'POST /v1/chat/completions?x=1 HTTP/1.1\r\nhost: 127.0.0.1:8082\r\ncontent-type: application/json\r\ncontent-length: 12\r\n\r\n',
    )
  })

  test('says that the connection ends where it is not kept', () => {
    expect(encodeRequestHead({ ...HEAD, keepAlive: false })).toContain('\r\nconnection: close\r\n')
  })

  test.each(['a b', 'a\r\nx: y', ''])('refuses the target %j', (target) => {
    expect(() => encodeRequestHead({ ...HEAD, target })).toThrow(RangeError)
  })
})

describe('assertHeader', () => {
  test.each(['secret\r\nx-admin: 1', 'secret\nb', 'secret\u0000', 'secret\u2028'])(
    'refuses the value %j without repeating it',
    (value) => {
      expect(() => assertHeader('authorization', value)).toThrow(/^(?!.*secret).*authorization/s)
    },
  )

  test.each(['a b', 'a:', '', 'a\r\n'])('refuses the name %j', (name) => {
    expect(() => assertHeader(name, 'x')).toThrow(RangeError)
  })
})
