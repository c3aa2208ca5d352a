import type { Slot } from '../model/sample.ts'
import type { SlotSource } from '../schedule/closed-loop.ts'
import type { Arm } from './arm.ts'
import { runClosedLoop } from './closed-loop-runner.ts'

export interface PairedRun {
  readonly concurrency: number
  readonly next: SlotSource
  readonly arms: readonly Arm[]
  readonly round: number
  /** Uniform in [0, 1), seeded: decides which endpoint a prompt goes to first. */
  readonly random: () => number
  readonly signal: AbortSignal
}

/** Sends each slot to every arm, one after the other, beginning with a random one: both see the same weather. */
export function runPaired(run: PairedRun): Promise<void> {
  const { arms, random, round } = run
  const place = { round, intendedAt: undefined }
  const perform = (slot: Slot, done: () => void) => {
    const first = Math.floor(random() * arms.length)
    const sendTo = (turn: number) => {
      const arm = arms[(first + turn) % arms.length]
      if (turn === arms.length || arm === undefined || run.signal.aborted) done()
      else arm.send(slot, place, () => sendTo(turn + 1))
    }
    sendTo(0)
  }
  return runClosedLoop({
    concurrency: run.concurrency,
    next: run.next,
    perform,
    cancel: () => {
      for (const arm of arms) arm.transport.cancel()
    },
    signal: run.signal,
  })
}
