import { expect, test } from 'vitest'
import { formatServerTiming, parseServerTiming } from '../../src/wire/headers.ts'

test('server-timing survives printing and reading', () => {
  const durations = { total: 5.125, queue: 0, service: 5.1 }
  expect(parseServerTiming(formatServerTiming(durations))).toEqual(durations)
})

test('entries without a duration are left out', () => {
  expect(parseServerTiming('miss, db;desc="x";dur=5, cache;dur=abc')).toEqual({ db: 5 })
})
