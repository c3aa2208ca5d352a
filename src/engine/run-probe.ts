import type { ProbeAttempt } from '../model/probe.ts'
import { createClosedLoop } from '../schedule/closed-loop.ts'
import type { PreparedRequest, Transport } from '../transport/transport.ts'
import { runClosedLoop } from './closed-loop-runner.ts'

export interface ProbeArm {
  readonly endpoint: string
  readonly transport: Transport
  /** One request a case. */
  readonly requests: readonly PreparedRequest[]
}

export interface ProbeRun {
  readonly cases: number
  /** Cases under way at once. */
  readonly workers: number
  /** Each case goes to every arm, one after the other. */
  readonly arms: readonly ProbeArm[]
  /** Whether an attempt is made again. */
  readonly again: (attempt: ProbeAttempt) => boolean
  /** All attempts of a case, when it is done; cases end in any order. */
  readonly onCase: (caseIndex: number, attempts: readonly ProbeAttempt[]) => void
  readonly signal: AbortSignal
}

/** Sends every case once to every arm, and again where asked to; resolves when none is under way. */
export async function runProbe(run: ProbeRun): Promise<void> {
  const { arms, cases, workers, signal } = run
  await Promise.all(arms.map(({ transport }) => transport.open()))
  const slots = { requests: cases, promptCount: cases, jitterMs: 0, random: () => 0 }
  await runClosedLoop({
    concurrency: Math.min(workers, cases),
    next: createClosedLoop(slots),
    perform: ({ sequence }, done) => new ProbeCase(run, sequence, done).start(),
    cancel: () => {
      for (const { transport } of arms) transport.cancel()
    },
    signal,
  })
}

/** One case on its way through the arms. */
class ProbeCase {
  private readonly attempts: ProbeAttempt[] = []
  private readonly run: ProbeRun
  private readonly caseIndex: number
  private readonly done: () => void

  constructor(run: ProbeRun, caseIndex: number, done: () => void) {
    this.run = run
    this.caseIndex = caseIndex
    this.done = done
  }

  start(): void {
    this.send(0, 1)
  }

  private send(armIndex: number, attempt: number): void {
    const { arms, again, onCase, signal } = this.run
    const arm = arms[armIndex]
    if (arm === undefined || signal.aborted) {
      onCase(this.caseIndex, this.attempts)
      this.done()
      return
    }
    const request = arm.requests[this.caseIndex]
    if (request === undefined) throw new Error(`no request for case ${this.caseIndex}`)
    arm.transport.send(
      request,
      (exchange) => {
        const made = { caseIndex: this.caseIndex, endpoint: arm.endpoint, attempt, exchange }
        this.attempts.push(made)
        if (!signal.aborted && again(made)) this.send(armIndex, attempt + 1)
        else this.send(armIndex + 1, 1)
      },
      true,
    )
  }
}
