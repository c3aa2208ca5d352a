import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import type { ClientLoad } from '../model/measurement.ts'

/** Period of the monitor's timer; its lateness is what is read. */
const PERIOD_MS = 2

/** Watches how hard this process works, from the call to `stop`. */
export function watchClientLoad(round: number): { stop(): ClientLoad } {
  const delay = monitorEventLoopDelay({ resolution: PERIOD_MS })
  const cpuBefore = process.cpuUsage()
  const startedAt = performance.now()
  delay.enable()
  return {
    stop() {
      delay.disable()
      const { user, system } = process.cpuUsage(cpuBefore)
      const wallMs = Math.max(1e-3, performance.now() - startedAt)
      // The histogram holds the time between two firings, period included, in ns; empty it has no percentile.
      const between = delay.count === 0 ? 0 : delay.percentile(99) / 1e6
      return {
        round,
        loopDelayP99Ms: Math.max(0, between - PERIOD_MS),
        cpuShare: (user + system) / 1000 / wallMs,
      }
    },
  }
}
