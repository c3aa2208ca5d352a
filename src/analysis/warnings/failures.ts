import { nameLevel } from '../../model/level.ts'
import type { Summary } from '../../model/summary.ts'
import type { Warning } from '../../model/warning.ts'
import type { Check } from './check.ts'

/** Errors above this share are worth a warning: they leave the latencies, which then describe the survivors. */
const ERROR_SHARE = 0.01

export const failures: Check = ({ observed }) =>
  observed.flatMap(({ summary }): Warning[] => {
    const { requests, ok, blocks } = summary
    const errors = blocks?.errors ?? summary.errors
    if (requests > 0 && ok === 0 && !blocks?.blocked) {
      return [
        {
          code: 'no-success',
          message: `${whereOf(summary)}: none of ${requests} requests succeeded`,
          advice: 'see the errors above; check the URL, --model and --token',
        },
      ]
    }
    if (errors <= requests * ERROR_SHARE) return []
    return [
      {
        code: 'errors',
        message: `${whereOf(summary)}: ${errors} of ${requests} requests failed, and latencies describe the others only`,
        advice: 'lower --concurrency or raise --timeout-seconds, and compare the error rates first',
      },
    ]
  })

export const throttling: Check = ({ observed }) =>
  observed.flatMap(({ summary }): Warning[] => {
    const throttled = summary.outcomes.throttled ?? 0
    if (throttled === 0) return []
    return [
      {
        code: 'throttled',
        message: `${whereOf(summary)}: ${throttled} responses were 429 or 503: a rate limit was measured, not the proxy`,
        advice: 'raise the limit on the server, or lower --concurrency',
      },
    ]
  })

export const reconnects: Check = ({ observed, conditions }) =>
  observed.flatMap(({ summary }): Warning[] => {
    const { freshConnections } = summary
    // A stream that is cancelled takes its connection with it.
    if (conditions.cancelAfter !== undefined) return []
    if (!conditions.keepAlive || freshConnections === 0) return []
    return [
      {
        code: 'reconnects',
        message: `${whereOf(summary)}: ${freshConnections} requests needed a new connection although connections are kept`,
        advice:
          'see whether the server closes them; their connect time is not in the latency, or use --no-keepalive to count it apart for all',
      },
    ]
  })

export const stoppedEarly: Check = ({ observed }) =>
  observed.flatMap(({ summary }): Warning[] => {
    if (!summary.partial) return []
    return [
      {
        code: 'partial',
        message: `${whereOf(summary)}: stopped early, after ${summary.requests} requests`,
        advice: 'do not compare it with complete runs',
      },
    ]
  })

/** `proxy at concurrency 5`. */
export function whereOf({ endpoint, level }: Pick<Summary, 'endpoint' | 'level'>): string {
  return `${endpoint} at ${nameLevel(level)}`
}
