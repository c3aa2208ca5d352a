import { performance } from 'node:perf_hooks'
import type { ProgressStep } from '../engine/run-plan.ts'
import { nameLevel } from '../model/level.ts'
import type { Io } from './io.ts'

export interface Progress {
  start(): void
  step(step: ProgressStep): void
  end(): void
}

/** A live line is rewritten at most this often. */
const LIVE_PERIOD_MS = 100

/**
 * Progress every `every` completed requests of an endpoint, out of `planned`: a line each in a log, one line written
 * over on a terminal.
 */
export function createProgress(io: Io, every: number, planned: number): Progress {
  let startedAt = 0
  const failed = new Map<string, number>()
  let shownAt = 0
  let shown = false
  const describe = ({ endpoint, level, done }: ProgressStep) => {
    const rate = done / Math.max(1e-3, (performance.now() - startedAt) / 1000)
    const bad = failed.get(endpoint.name) ?? 0
    const errors = bad === 0 ? '' : `, ${bad} not ok`
    return `${endpoint.name} at ${nameLevel(level)}: ${done}/${planned}, ${rate.toFixed(1)}/s${errors}`
  }
  const clear = () => {
    if (shown) io.stderr('\r\u001B[2K')
    shown = false
  }
  return {
    start() {
      startedAt = performance.now()
      failed.clear()
    },
    step(step) {
      const { endpoint, done, exchange } = step
      if (exchange.outcome !== 'ok') failed.set(endpoint.name, (failed.get(endpoint.name) ?? 0) + 1)
      if (every === 0) return
      if (!io.terminal) {
        if (done % every === 0 || done === planned) io.stderr(`${describe(step)}\n`)
        return
      }
      const now = performance.now()
      if (now - shownAt < LIVE_PERIOD_MS) return
      shownAt = now
      io.stderr(`\r\u001B[2K${describe(step)}`)
      shown = true
    },
    end: clear,
  }
}
