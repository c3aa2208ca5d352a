import type { Milliseconds } from '../model/units.ts'

/** Waits that can all be ended at once. */
export class Pauses {
  private readonly waiting = new Map<NodeJS.Timeout, () => void>()

  /** Calls `then` after `ms`, or when all are ended. */
  after(ms: Milliseconds, then: () => void): void {
    const timer = setTimeout(() => {
      this.waiting.delete(timer)
      then()
    }, ms)
    this.waiting.set(timer, then)
  }

  /** Ends every wait now. */
  endAll(): void {
    const pending = [...this.waiting]
    this.waiting.clear()
    for (const [timer, then] of pending) {
      clearTimeout(timer)
      then()
    }
  }
}
