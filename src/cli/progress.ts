import { performance } from 'node:perf_hooks'
import type { Block } from '../schedule/blocks.ts'
import type { Io } from './io.ts'

export interface Progress {
  start(): void
  step(block: Block, done: number, ok: boolean): void
  end(): void
}

/** A live line is rewritten at most this often. */
const LIVE_PERIOD_MS = 100

/** Progress every `every` completed requests: a line each in a log, one line written over on a terminal. */
export function createProgress(io: Io, every: number): Progress {
  let startedAt = 0
  let failed = 0
  let shownAt = 0
  let shown = false
  const describe = ({ endpoint, concurrency, requests }: Block, done: number) => {
    const rate = done / Math.max(1e-3, (performance.now() - startedAt) / 1000)
    const errors = failed === 0 ? '' : `, ${failed} not ok`
    return `${endpoint.name} at concurrency ${concurrency}: ${done}/${requests}, ${rate.toFixed(1)}/s${errors}`
  }
  const clear = () => {
    if (shown) io.stderr('\r\u001B[2K')
    shown = false
  }
  return {
    start() {
      startedAt = performance.now()
      failed = 0
    },
    step(block, done, ok) {
      if (!ok) failed += 1
      if (every === 0) return
      if (!io.terminal) {
        if (done % every === 0 || done === block.requests) io.stderr(`${describe(block, done)}\n`)
        return
      }
      const now = performance.now()
      if (now - shownAt < LIVE_PERIOD_MS) return
      shownAt = now
      io.stderr(`\r\u001B[2K${describe(block, done)}`)
      shown = true
    },
    end: clear,
  }
}
