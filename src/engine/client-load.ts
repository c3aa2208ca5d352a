import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import type { ClientLoad } from '../model/measurement.ts'
import type { Milliseconds } from '../model/units.ts'

/** Period of the monitor's timer; its lateness is what is read. */
const PERIOD_MS = 2

/** Watches how hard the client works in a round, from the call to `stop`. */
export type LoadWatch = (round: number) => { stop(): ClientLoad }

/** Of the whole process: its one thread sends, the others collect garbage for it. */
export const watchProcessLoad: LoadWatch = (round) => {
  const before = process.cpuUsage()
  return watchLoad(round, () => {
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000
  })
}

/**
 * Of the calling thread, where several send. CPU time is that of the process in all threads of Node 20, so the time in
 * which the thread's event loop was not idle stands for it.
 */
export const watchThreadLoad: LoadWatch = (round) => {
  const before = performance.eventLoopUtilization()
  return watchLoad(round, () => performance.eventLoopUtilization(before).active)
}

function watchLoad(round: number, busyMs: () => Milliseconds): { stop(): ClientLoad } {
  const delay = monitorEventLoopDelay({ resolution: PERIOD_MS })
  const startedAt = performance.now()
  delay.enable()
  return {
    stop() {
      delay.disable()
      const wallMs = Math.max(1e-3, performance.now() - startedAt)
      // The histogram holds the time between two firings, period included, in ns; empty it has no percentile.
      const between = delay.count === 0 ? 0 : delay.percentile(99) / 1e6
      return {
        round,
        loopDelayP99Ms: Math.max(0, between - PERIOD_MS),
        cpuShare: busyMs() / wallMs,
      }
    },
  }
}

/** The load of the hardest working of several threads in a round. */
export function worstLoad(loads: readonly ClientLoad[]): ClientLoad {
  return {
    round: loads[0]?.round ?? 0,
    loopDelayP99Ms: Math.max(0, ...loads.map(({ loopDelayP99Ms }) => loopDelayP99Ms)),
    cpuShare: Math.max(0, ...loads.map(({ cpuShare }) => cpuShare)),
  }
}
