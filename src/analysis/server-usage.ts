import { sameLevel } from '../model/level.ts'
import type { ProcessUsage } from '../model/process-usage.ts'
import type { ServerUsage } from '../model/result.ts'
import type { Summary } from '../model/summary.ts'

/**
 * CPU and memory of the server processes, a request. A process that is called as an endpoint is divided by that
 * endpoint's requests; any other by those of the whole level, and so is the baseline's: it stands behind the others.
 */
export function findServerUsage(
  processes: readonly ProcessUsage[],
  summaries: readonly Summary[],
  baseline: string | undefined,
): ServerUsage[] {
  return processes.map((usage) => {
    const atLevel = summaries.filter(({ level }) => sameLevel(level, usage.level))
    const name = usage.endpoint ?? (usage.name === baseline ? undefined : usage.name)
    const own = atLevel.find(({ endpoint }) => endpoint === name)
    const served = own === undefined ? atLevel : [own]
    const requests = served.reduce((sum, one) => sum + one.requests, 0)
    return {
      ...usage,
      requests,
      requestsOf: own === undefined ? undefined : own.endpoint,
      coreShare: usage.cpuMs / usage.wallMs,
      cpuPerRequestMs: requests === 0 ? undefined : usage.cpuMs / requests,
    }
  })
}
