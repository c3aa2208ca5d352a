import type { Slot } from '../model/sample.ts'
import type { SlotSource } from '../schedule/closed-loop.ts'
import type { Arm } from './arm.ts'
import { runClosedLoop } from './closed-loop-runner.ts'

export interface PairedRun {
  readonly concurrency: number
  readonly next: SlotSource
  readonly arms: readonly Arm[]
  readonly round: number
  /** Index of the arm that a slot goes to first. */
  readonly firstTurn: (slot: Slot) => number
  readonly signal: AbortSignal
}

/** Sends each slot to every arm, one after the other, the first by its turn: both see the same weather. */
export function runPaired(run: PairedRun): Promise<void> {
  const { arms, firstTurn, round } = run
  const place = { round, intendedAt: undefined }
  const perform = (slot: Slot, done: () => void) => {
    const first = firstTurn(slot)
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
