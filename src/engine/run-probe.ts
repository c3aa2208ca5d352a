import type { ProbeAttempt, ProbeTurn } from '../model/probe.ts'
import type { Milliseconds } from '../model/units.ts'
import { createClosedLoop } from '../schedule/closed-loop.ts'
import type { PreparedRequest, Transport } from '../transport/transport.ts'
import { runClosedLoop } from './closed-loop-runner.ts'
import { Pauses } from './pauses.ts'

export interface ProbeArm {
  readonly endpoint: string
  readonly transport: Transport
  readonly requestOf: (turn: ProbeTurn) => PreparedRequest
}

export interface ProbeRun {
  readonly cases: number
  /** Times that each case is sent: all of them once, then all of them again. */
  readonly repeats: number
  /** Cases under way at once. */
  readonly workers: number
  /** Each case goes to every arm, one after the other. */
  readonly arms: readonly ProbeArm[]
  /** How long to wait before an attempt is made again; undefined where it is not. */
  readonly again: (attempt: ProbeAttempt) => Milliseconds | undefined
  /** All attempts of a case in one repeat, when it is done; they end in any order, and `place` counts them. */
  readonly onCase: (place: number, attempts: readonly ProbeAttempt[]) => void
  readonly signal: AbortSignal
}

/** Sends every case to every arm, and again where asked to; resolves when none is under way. */
export async function runProbe(run: ProbeRun): Promise<void> {
  const { arms, cases, repeats, workers, signal } = run
  await Promise.all(arms.map(({ transport }) => transport.open()))
  const requests = cases * repeats
  const pauses = new Pauses()
  await runClosedLoop({
    concurrency: Math.min(workers, requests),
    next: createClosedLoop({ requests, promptCount: cases, jitterMs: 0, random: () => 0 }),
    perform: ({ sequence }, done) => new ProbeCase({ run, pauses, place: sequence, done }).start(),
    cancel: () => {
      for (const { transport } of arms) transport.cancel()
      pauses.endAll()
    },
    signal,
  })
}

interface CaseSetting {
  readonly run: ProbeRun
  readonly pauses: Pauses
  readonly place: number
  readonly done: () => void
}

/** One case on its way through the arms. */
class ProbeCase {
  private readonly attempts: ProbeAttempt[] = []
  private readonly setting: CaseSetting

  constructor(setting: CaseSetting) {
    this.setting = setting
  }

  start(): void {
    this.send(0, 1)
  }

  private send(armIndex: number, attempt: number): void {
    const { run, place, done, pauses } = this.setting
    const { arms, cases, again, onCase, signal } = run
    const arm = arms[armIndex]
    if (arm === undefined || signal.aborted) {
      onCase(place, this.attempts)
      done()
      return
    }
    const turn = { caseIndex: place % cases, repeat: 1 + Math.floor(place / cases), attempt }
    arm.transport.send(
      arm.requestOf(turn),
      (exchange) => {
        const made = { ...turn, endpoint: arm.endpoint, exchange }
        this.attempts.push(made)
        const pauseMs = signal.aborted ? undefined : again(made)
        if (pauseMs === undefined) this.send(armIndex + 1, 1)
        else if (pauseMs === 0) this.send(armIndex, attempt + 1)
        else pauses.after(pauseMs, () => this.send(armIndex, attempt + 1))
      },
      true,
    )
  }
}
