import { performance } from 'node:perf_hooks'

interface Wait {
  readonly due: number
  readonly wake: () => void
  cancelled: boolean
}

/** A timer fires up to this late, so the last stretch is spun: a service time of 5 ms has to be 5.0 ms. */
const SPIN_MS = 1.5

/**
 * Wakes callers at instants of `performance.now()`, on time to some 0.1 ms and never early. One timer and one spin
 * serve all waiting requests; nothing spins while nothing is due.
 */
export class Waiter {
  private waits: Wait[] = []
  private timer: NodeJS.Timeout | undefined
  private spinning = false

  /** Calls `wake` after `ms`; returns a function that cancels. A wait of 0 wakes at once, before the call returns. */
  after(ms: number, wake: () => void): () => void {
    if (ms <= 0) {
      wake()
      return () => {}
    }
    const wait: Wait = { due: performance.now() + ms, wake, cancelled: false }
    this.insert(wait)
    this.arm()
    return () => {
      wait.cancelled = true
    }
  }

  /** Sorted by due time, latest first, so that the next is popped from the end. */
  private insert(wait: Wait): void {
    let low = 0
    let high = this.waits.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.waits[middle]?.due ?? 0) > wait.due) low = middle + 1
      else high = middle
    }
    this.waits.splice(low, 0, wait)
  }

  private arm(): void {
    if (this.spinning) return
    clearTimeout(this.timer)
    const next = this.waits.at(-1)
    if (next === undefined) return
    const left = next.due - performance.now()
    if (left > SPIN_MS) {
      this.timer = setTimeout(() => this.arm(), Math.max(1, Math.floor(left - SPIN_MS)))
      return
    }
    this.spinning = true
    setImmediate(() => this.spin())
  }

  private spin(): void {
    const now = performance.now()
    for (
      let next = this.waits.at(-1);
      next !== undefined && next.due <= now;
      next = this.waits.at(-1)
    ) {
      this.waits.pop()
      if (!next.cancelled) next.wake()
    }
    this.spinning = false
    this.arm()
  }
}
