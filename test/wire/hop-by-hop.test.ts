import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { endToEndHeaders } from '../../src/wire/hop-by-hop.ts'

describe('endToEndHeaders', () => {
  test('drops hop-by-hop headers and those that Connection names', () => {
    const flat = [
      'Connection',
      'close, X-Private',
      'X-Private',
      '1',
      'TE',
      'trailers',
      'Accept',
      '*/*',
    ]
    expect(endToEndHeaders(flat)).toEqual(['Accept', '*/*'])
  })

  test('keeps order, case and duplicates of all others', () => {
    const name = fc.constantFrom('Accept', 'x-a', 'X-A', 'Set-Cookie', 'server-timing')
    fc.assert(
      fc.property(fc.array(fc.tuple(name, fc.string())), (pairs) => {
        expect(endToEndHeaders(pairs.flat())).toEqual(pairs.flat())
      }),
    )
  })
})
