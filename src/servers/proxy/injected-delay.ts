import { performance } from 'node:perf_hooks'
import { sampleLatencyMs } from '../../stats/latency-spec.ts'
import { createRandom, type Random } from '../../stats/random.ts'
import type { ProxyOptions } from './proxy-options.ts'

/** A timer fires up to this late, so the last stretch is spun. */
const SPIN_MS = 1.5

/** The delay that makes this proxy a calibrated source of overhead: drawn, waited for, never shorter than drawn. */
export class InjectedDelay {
  private readonly random: Random
  private readonly options: ProxyOptions
  private drawn = 0

  constructor(options: ProxyOptions) {
    this.options = options
    this.random = createRandom(`${options.seed}/inject`)
  }

  draw(): number {
    const ms = sampleLatencyMs(this.options.injectDelay, this.random, this.drawn)
    this.drawn += 1
    return Math.max(0, ms)
  }

  /**
   * Calls `then` after `ms`, at once for 0, with the time that it took: a little more, which is what to calibrate
   * against. Burning holds the whole process, as CPU-bound work would.
   */
  pass(ms: number, then: (tookMs: number) => void): void {
    if (ms <= 0) {
      then(0)
      return
    }
    const startedAt = performance.now()
    const due = startedAt + ms
    if (this.options.injectHow === 'burn') {
      while (performance.now() < due);
      then(performance.now() - startedAt)
      return
    }
    const spin = () => {
      const now = performance.now()
      if (now >= due) then(now - startedAt)
      else setImmediate(spin)
    }
    if (ms > SPIN_MS) setTimeout(spin, Math.max(1, Math.floor(ms - SPIN_MS)))
    else setImmediate(spin)
  }
}
