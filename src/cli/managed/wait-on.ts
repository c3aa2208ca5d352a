import { setTimeout as delay } from 'node:timers/promises'
import { request } from 'undici'
import { UsageError } from '../../model/usage-error.ts'

const PERIOD_MS = 100
const LONGEST_ANSWER_MS = 2000

/**
 * Waits until the URL answers, with any status below 500: a server that asks for a token is up, one that is still
 * loading its model says 503. Throws UsageError after `mostMs`, and the signal's reason when it is aborted.
 */
export async function waitOn(url: string, mostMs: number, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + mostMs
  let last = 'no answer yet'
  while (performance.now() < deadline) {
    signal.throwIfAborted()
    const limit = AbortSignal.timeout(LONGEST_ANSWER_MS)
    try {
      // Not fetch, which refuses to ask at ports such as 6000.
      const answer = await request(url, { signal: AbortSignal.any([signal, limit]) })
      await answer.body.dump()
      if (answer.statusCode < 500) return
      last = `it answers ${answer.statusCode}`
    } catch (error) {
      signal.throwIfAborted()
      last = reasonOf(error)
    }
    await delay(PERIOD_MS, undefined, { signal }).catch(() => {})
  }
  signal.throwIfAborted()
  throw new UsageError(
    `--wait-on ${url} was not ready after ${mostMs / 1000} s (${last}); check the URL, look at what the server prints, or raise --wait-seconds`,
  )
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if ('code' in error && typeof error.code === 'string') return error.code
  return error.name === 'TimeoutError'
    ? `no answer within ${LONGEST_ANSWER_MS / 1000} s`
    : error.message
}
