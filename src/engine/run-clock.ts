import { performance } from 'node:perf_hooks'
import type { Milliseconds } from '../model/units.ts'

/** Tries of which the one with the least between its readings counts. */
const TRIES = 50

/**
 * What `process.hrtime` read, in ns, when this thread's `performance.now()` was 0. `performance.now()` begins at 0 in
 * each thread, whereas `process.hrtime` is one clock for the process: through it the origins can be compared.
 * (`performance.timeOrigin` cannot serve: it is read off the wall clock and may be milliseconds out.)
 */
export function clockOrigin(): bigint {
  let narrowest: bigint | undefined
  let origin = 0n
  for (let tries = 0; tries < TRIES; tries += 1) {
    const before = process.hrtime.bigint()
    const now = performance.now()
    const width = process.hrtime.bigint() - before
    // A thread that lost its core between two readings tells nothing.
    if (narrowest !== undefined && width >= narrowest) continue
    narrowest = width
    origin = before + width / 2n - BigInt(Math.round(now * 1e6))
  }
  return origin
}

/**
 * This thread's monotonic clock as the thread with that origin reads its own. Both run on the same hardware clock, so
 * one comparison at the start holds for the whole run.
 */
export function clockSince(origin: bigint): () => Milliseconds {
  const offsetMs = Number(clockOrigin() - origin) / 1e6
  return () => performance.now() + offsetMs
}
