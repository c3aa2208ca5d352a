import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Utf8Pieces } from '../../src/wire/utf8-pieces.ts'

function decode(bytes: Buffer, cuts: readonly number[]) {
  const pieces = new Utf8Pieces()
  const ends = [...new Set([...cuts.filter((cut) => cut < bytes.length), bytes.length])]
  ends.sort((one, other) => one - other)
  let text = ''
  let start = 0
  for (const end of ends) {
    text += pieces.decode(bytes.subarray(start, end))
    start = end
  }
  return { text: text + pieces.end(), broken: pieces.broken }
}

const cuts = fc.array(fc.nat(120), { maxLength: 20 })

describe('UTF-8 in pieces', () => {
  test('gives the text, wherever it is cut', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), cuts, (text, ends) => {
        // A byte order mark is none of the text, and lone surrogates have no bytes.
        fc.pre(!text.startsWith('\uFEFF') && Buffer.from(text).toString() === text)
        expect(decode(Buffer.from(text), ends)).toEqual({ text, broken: false })
      }),
    )
  })

  test('of any bytes gives what decoding all at once gives', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), cuts, (given, ends) => {
        const bytes = Buffer.from(given)
        const whole = bytes.toString('utf8')
        const { text, broken } = decode(bytes, ends)
        expect(text).toBe(whole.replace(/^\uFEFF/, ''))
        expect(broken).toBe(!Buffer.from(whole).equals(bytes))
      }),
    )
  })
})
