import type { Slot } from '../model/sample.ts'
import type { Milliseconds } from '../model/units.ts'
import type { SlotSource } from '../schedule/closed-loop.ts'

export interface OpenLoopRun {
  /** Most slots under way at once; arrivals beyond it wait in order and are counted. */
  readonly mostInFlight: number
  readonly next: SlotSource
  /** Does what a slot asks for and calls `done` once, later. `intendedAt` is when it should have begun. */
  readonly perform: (slot: Slot, done: () => void, intendedAt: Milliseconds) => void
  readonly cancel: () => void
  readonly now: () => Milliseconds
  /** When the block begins, for loops that share one schedule; left out, it begins at once. */
  readonly startAt?: Milliseconds | undefined
  readonly signal: AbortSignal
}

/** A timer fires up to a good millisecond late, so the last stretch before an arrival is spun. */
const SPIN_MS = 1.5

/**
 * Starts each slot when it is due, never sooner, whatever the answers do; none is left out. Resolves, when nothing is
 * under way, to the number of arrivals that had to wait because the most were in flight.
 */
export function runOpenLoop(run: OpenLoopRun): Promise<number> {
  return new Promise((resolve, reject) => new OpenLoop(run, resolve, reject).start())
}

class OpenLoop {
  private readonly startedAt: Milliseconds
  private readonly waiting: { slot: Slot; intendedAt: Milliseconds }[] = []
  private upcoming: Slot | undefined
  private inFlight = 0
  private heldBack = 0
  private timer: NodeJS.Timeout | undefined
  private readonly run: OpenLoopRun
  private readonly resolve: (heldBack: number) => void
  private readonly reject: (error: unknown) => void
  private readonly stop = () => {
    clearTimeout(this.timer)
    this.upcoming = undefined
    this.waiting.length = 0
    this.run.cancel()
    this.settle()
  }

  constructor(
    run: OpenLoopRun,
    resolve: (heldBack: number) => void,
    reject: (error: unknown) => void,
  ) {
    this.run = run
    this.resolve = resolve
    this.reject = reject
    this.startedAt = run.startAt ?? run.now()
  }

  start(): void {
    this.run.signal.addEventListener('abort', this.stop, { once: true })
    this.upcoming = this.run.signal.aborted ? undefined : this.run.next()
    this.pace()
  }

  /** Starts what is due, then waits for the next. */
  private readonly pace = (): void => {
    for (;;) {
      const slot = this.upcoming
      if (slot === undefined) {
        this.settle()
        return
      }
      const dueAt = this.startedAt + (slot.dueMs ?? 0)
      const left = dueAt - this.run.now()
      if (left > 0) {
        if (left > SPIN_MS) this.timer = setTimeout(this.pace, Math.floor(left - SPIN_MS))
        else setImmediate(this.pace)
        return
      }
      this.arrive(slot, dueAt)
      // An abort within `perform` has ended the arrivals.
      this.upcoming = this.upcoming === undefined ? undefined : this.run.next()
    }
  }

  private arrive(slot: Slot, intendedAt: Milliseconds): void {
    if (this.inFlight < this.run.mostInFlight) {
      this.begin(slot, intendedAt)
      return
    }
    this.heldBack += 1
    this.waiting.push({ slot, intendedAt })
  }

  private begin(slot: Slot, intendedAt: Milliseconds): void {
    this.inFlight += 1
    try {
      this.run.perform(slot, this.finish, intendedAt)
    } catch (error) {
      this.reject(error)
    }
  }

  private readonly finish = (): void => {
    this.inFlight -= 1
    const held = this.waiting.shift()
    if (held === undefined) this.settle()
    else this.begin(held.slot, held.intendedAt)
  }

  private settle(): void {
    if (this.inFlight > 0 || this.upcoming !== undefined || this.waiting.length > 0) return
    this.run.signal.removeEventListener('abort', this.stop)
    this.resolve(this.heldBack)
  }
}
