import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRedactor, redactUrl } from '../../src/results/redact.ts'

describe('createRedactor', () => {
  test('no form of the secret is left', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 6 }),
        fc.string(),
        fc.string(),
        (secret, before, after) => {
          fc.pre(!'[redacted]'.includes(secret))
          const text = `${before}${JSON.stringify({ secret })}${encodeURIComponent(secret)}${after}${secret}`
          expect(createRedactor([secret])(text)).not.toContain(secret)
        },
      ),
    )
  })

  test('base64 forms go too, and other text stays', () => {
    const base64 = Buffer.from('s3cret-token').toString('base64')
    expect(createRedactor(['s3cret-token', ''])(`a ${base64} b`)).toBe('a [redacted] b')
  })
})

describe('redactUrl', () => {
  test.each([
    ['http://a/v1?x=1', 'http://a/v1?x=1'],
    ['http://user:pass@a/v1', 'http://a/v1'],
    ['http://a/v1?api_key=abc&x=1', 'http://a/v1?api_key=%5Bredacted%5D&x=1'],
    ['http://a/v1?access_token=abc', 'http://a/v1?access_token=%5Bredacted%5D'],
  ])('%s', (url, shown) => {
    expect(redactUrl(url)).toBe(shown)
  })
})
