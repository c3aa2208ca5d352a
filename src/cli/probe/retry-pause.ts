import type { ProbeAttempt } from '../../model/probe.ts'
import type { Milliseconds } from '../../model/units.ts'
import { parseHeaderBlock } from '../../wire/header-block.ts'
import { parseRetryAfter } from '../../wire/retry-after.ts'

/** Longest wait that a server may ask for: who wants more is not worth a run. */
const MOST_ASKED_MS = 30_000
const FIRST_MS = 250
const MOST_OWN_MS = 4000

/**
 * How long to wait before an attempt is made again. What is throttled waits as long as `Retry-After` asks for, up to 30 s,
 * or 0.25 s, doubled with each attempt, up to 4 s: else all retries would be used up within the same limit. Anything
 * else is tried again at once.
 */
export function retryPauseMs({ attempt, exchange }: ProbeAttempt, now: number): Milliseconds {
  const { status, rawHeaders } = exchange
  const asked = parseRetryAfter(parseHeaderBlock(rawHeaders ?? '').get('retry-after'), now)
  if (status !== 429 && status !== 503) return 0
  return asked === undefined
    ? Math.min(MOST_OWN_MS, FIRST_MS * 2 ** (attempt - 1))
    : Math.min(MOST_ASKED_MS, asked)
}
