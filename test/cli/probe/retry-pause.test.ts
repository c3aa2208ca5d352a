import { expect, test } from 'vitest'
import { retryPauseMs } from '../../../src/cli/probe/retry-pause.ts'

const NOW = Date.UTC(2026, 10, 24, 12)

test.each([
  ['a limit waits a little', 429, '', 1, 250],
  ['longer with each attempt', 429, '', 3, 1000],
  ['but not for ever', 503, '', 20, 4000],
  ['as long as it is asked to', 429, 'Retry-After: 2', 1, 2000],
  ['until the date it is given', 503, 'retry-after: Tue, 24 Nov 2026 12:00:05 GMT', 1, 5000],
  ['at most half a minute', 429, 'retry-after: 3600', 1, 30_000],
  ['as if nothing was asked, where it is no time', 429, 'retry-after: later', 1, 250],
  ['other errors are tried again at once', 500, 'retry-after: 9', 1, 0],
] as const)('%s', (...[, status, rawHeaders, attempt, expected]) => {
  const exchange = {
    outcome: status === 429 ? 'throttled' : 'http-error',
    status,
    sentAt: 0,
    endedAt: 1,
    reused: true,
    connectMs: 0,
    bodyBytes: 0,
    rawHeaders,
  } as const
  const made = { caseIndex: 0, repeat: 1, endpoint: 'proxy', attempt, exchange }
  expect(retryPauseMs(made, NOW)).toBe(expected)
})
