import { expect, test } from 'vitest'
import { parseRetryAfter } from '../../src/wire/retry-after.ts'

const NOW = Date.UTC(2026, 10, 24, 12, 0, 0)

test.each([
  ['3', 3000],
  [' 0 ', 0],
  ['1.5', 1500],
  ['Tue, 24 Nov 2026 12:00:07 GMT', 7000],
  ['Tue, 24 Nov 2026 11:00:00 GMT', 0],
  ['', undefined],
  ['-1', undefined],
  ['soon', undefined],
  ['1e3', undefined],
  ['Tue, 99 Xyz 2026 12:00:07 GMT', undefined],
])('%j asks for %s ms', (value, expected) => {
  expect(parseRetryAfter(value, NOW)).toBe(expected)
})

test('nothing asks for nothing', () => {
  expect(parseRetryAfter(undefined, NOW)).toBeUndefined()
})
