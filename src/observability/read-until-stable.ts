import { setTimeout as delay } from 'node:timers/promises'
import type { FindingsRead } from './findings-source.ts'

export interface Settling {
  readonly read: () => Promise<FindingsRead>
  /** Whether everything that has to be there is. */
  readonly isComplete: (read: FindingsRead) => boolean
  readonly timeoutMs: number
  readonly now: () => number
  /** Aborting ends the waiting. */
  readonly signal: AbortSignal
}

export interface SettledRead extends FindingsRead {
  /** When nothing changed any more, since the beginning. */
  readonly settledMs: number
  readonly complete: boolean
}

const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 2000

/**
 * Proxies analyse after they have answered, so that findings come late. Reads until everything is there and two reads
 * in a row are equal, or the time is up; pauses grow, since such an API may load all it has for each read. Throws what
 * the first read throws; later failures end the waiting with what there is.
 */
export async function readUntilStable(settling: Settling): Promise<SettledRead> {
  const { read, isComplete, timeoutMs, now, signal } = settling
  const begunAt = now()
  let latest = await read()
  let settledMs = now() - begunAt
  let pauseMs = FIRST_PAUSE_MS
  while (!signal.aborted && now() - begunAt + pauseMs < timeoutMs) {
    await delay(pauseMs, undefined, { signal }).catch(() => {})
    if (signal.aborted) break
    const next = await read().catch((error: Error) => error)
    if (next instanceof Error) {
      const notes = [...latest.notes, `it stopped answering: ${next.message}`]
      return { ...latest, notes, settledMs, complete: isComplete(latest) }
    }
    const same = fingerprint(next) === fingerprint(latest)
    if (!same) settledMs = now() - begunAt
    latest = next
    if (same && isComplete(next)) break
    pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2)
  }
  return { ...latest, settledMs, complete: isComplete(latest) }
}

function fingerprint({ traces }: FindingsRead): string {
  const lines = traces.map(
    ({ traceId, score, findings }) => `${traceId} ${score} ${findings.length}`,
  )
  lines.sort()
  return lines.join('\n')
}
