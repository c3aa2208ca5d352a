import type { Milliseconds } from '../model/units.ts'

interface WithDeadline {
  readonly deadline: Milliseconds
}

/**
 * Watches deadlines with one coarse timer instead of one a request: arming and clearing 50,000 timers a second
 * would cost more than sending. A deadline is seen late by at most `periodMs`, never early.
 */
export class Deadlines<T extends WithDeadline> {
  private readonly watched = new Set<T>()
  private timer: NodeJS.Timeout | undefined
  private readonly now: () => Milliseconds
  private readonly periodMs: Milliseconds
  private readonly onExpired: (item: T) => void

  constructor(now: () => Milliseconds, timeoutMs: Milliseconds, onExpired: (item: T) => void) {
    this.now = now
    this.periodMs = Math.min(100, Math.max(5, timeoutMs / 10))
    this.onExpired = onExpired
  }

  watch(item: T): void {
    this.watched.add(item)
    this.timer ??= setInterval(() => this.check(), this.periodMs).unref()
  }

  forget(item: T): void {
    this.watched.delete(item)
  }

  all(): T[] {
    return [...this.watched]
  }

  stop(): void {
    clearInterval(this.timer)
    this.timer = undefined
  }

  private check(): void {
    const now = this.now()
    for (const item of this.all()) {
      if (item.deadline > now) continue
      this.watched.delete(item)
      this.onExpired(item)
    }
  }
}
