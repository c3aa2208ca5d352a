import type { Milliseconds } from '../model/units.ts'

interface WithDeadline {
  readonly deadline: Milliseconds
}

/**
 * Gives up requests whose time is over: one coarse look at all in flight instead of a timer each, because arming and
 * clearing 50,000 timers a second would cost more than sending. A deadline is seen late by at most `periodMs`, never
 * early. Nothing is kept for a request: a Set of them is rehashed every few sends, and its outgrown tables hold the
 * requests until a full collection, so that each small one copied megabytes and took 5 to 10 ms.
 */
export class Deadlines<T extends WithDeadline> {
  private timer: NodeJS.Timeout | undefined
  private readonly now: () => Milliseconds
  private readonly inFlight: () => readonly T[]
  private readonly onExpired: (item: T) => void

  constructor(now: () => Milliseconds, inFlight: () => readonly T[], onExpired: (item: T) => void) {
    this.now = now
    this.inFlight = inFlight
    this.onExpired = onExpired
  }

  /** Begins to watch, for requests that may take `timeoutMs`; does nothing when it has begun. */
  start(timeoutMs: Milliseconds): void {
    if (this.timer !== undefined) return
    const periodMs = Math.min(100, Math.max(5, timeoutMs / 10))
    this.timer = setInterval(() => this.check(), periodMs).unref()
  }

  stop(): void {
    clearInterval(this.timer)
    this.timer = undefined
  }

  private check(): void {
    const now = this.now()
    for (const item of this.inFlight()) if (item.deadline <= now) this.onExpired(item)
  }
}
