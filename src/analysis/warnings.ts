import type { Summary } from '../model/summary.ts'
import type { Warning } from '../model/warning.ts'

export interface RunConditions {
  readonly keepAlive: boolean
  readonly selfWarmup: boolean
}

/** Errors above this share are worth a warning: they leave the latencies, which then describe the survivors. */
const ERROR_SHARE = 0.01

/** What to doubt in these blocks. */
export function findWarnings(summaries: readonly Summary[], conditions: RunConditions): Warning[] {
  const warnings = summaries.flatMap((summary) => blockWarnings(summary, conditions))
  if (!conditions.selfWarmup && summaries.length > 0) {
    warnings.push({
      code: 'cold-client',
      message: 'the client was not warmed up: the first second of a run adds milliseconds to p99',
      advice: 'leave out --no-self-warmup',
    })
  }
  return warnings
}

function blockWarnings(summary: Summary, { keepAlive }: RunConditions): Warning[] {
  const { requests, ok, errors, outcomes } = summary
  const where = `${summary.endpoint} at concurrency ${summary.concurrency}`
  const warnings: Warning[] = []
  if (requests > 0 && ok === 0) {
    warnings.push({
      code: 'no-success',
      message: `${where}: none of ${requests} requests succeeded`,
      advice: 'see the errors above; check the URL, --model and --token',
    })
  } else if (errors > requests * ERROR_SHARE) {
    warnings.push({
      code: 'errors',
      message: `${where}: ${errors} of ${requests} requests failed, and latencies describe the others only`,
      advice: 'lower --concurrency or raise --timeout-seconds, and compare the error rates first',
    })
  }
  const throttled = outcomes.throttled ?? 0
  if (throttled > 0) {
    warnings.push({
      code: 'throttled',
      message: `${where}: ${throttled} responses were 429 or 503: a rate limit was measured, not the proxy`,
      advice: 'raise the limit on the server, or lower --concurrency',
    })
  }
  const { freshConnections } = summary
  if (keepAlive && freshConnections > 0) {
    warnings.push({
      code: 'reconnects',
      message: `${where}: ${freshConnections} requests needed a new connection although connections are kept`,
      advice:
        'see whether the server closes them; their connect time is not in the latency, or use --no-keepalive to count it apart for all',
    })
  }
  if (summary.partial) {
    warnings.push({
      code: 'partial',
      message: `${where}: stopped early, after ${requests} requests`,
      advice: 'do not compare it with complete runs',
    })
  }
  return warnings
}
