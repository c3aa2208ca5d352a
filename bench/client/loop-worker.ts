import { OUTCOMES } from '../../src/model/outcome.ts'
import type { SlotSource } from '../../src/schedule/closed-loop.ts'
import { createRecorder, runClosedLoop } from './shipped.ts'
import { openOwnTransport, ownRequests, type OwnClient } from './own-client.ts'
import { answerTask } from './worker.ts'
import type { Turn, TurnResult } from './workload.ts'

interface LoopTask extends Turn {
  readonly client: OwnClient
}

/** Room for more requests than any client can send. */
const MOST_PER_MS = 200
/** A closed loop has one round here, and no intended instants. */
const CLOSED = { round: 0, intendedAt: undefined }
const OK = OUTCOMES.indexOf('ok')

async function play(task: LoopTask): Promise<TurnResult> {
  const transport = openOwnTransport(task.client, new URL(task.url), {
    connections: task.inFlight,
    captureHeaders: false,
  })
  await transport.open()
  const run = async (durationMs: number) => {
    const recorder = createRecorder(Math.ceil(durationMs * MOST_PER_MS) + task.inFlight)
    const slots = slotsUntil(performance.now() + durationMs)
    const cpuBefore = process.cpuUsage()
    const startedAt = performance.now()
    await runClosedLoop({
      concurrency: task.inFlight,
      next: slots.next,
      perform: (slot, done) =>
        transport.send(ownRequests[0], (exchange) => {
          recorder.record(slot, exchange, CLOSED)
          done()
        }),
      cancel: () => transport.cancel(),
      signal: new AbortController().signal,
    })
    const endedAt = performance.now()
    const { user, system } = process.cpuUsage(cpuBefore)
    const ok = recorder.columns().outcome.reduce((sum, one) => sum + (one === OK ? 1 : 0), 0)
    return {
      ok,
      sent: slots.given(),
      durationMs: endedAt - startedAt,
      cpuMs: (user + system) / 1000,
    }
  }
  const warmUp = await run(task.warmUpMs)
  const { ok, sent, durationMs, cpuMs } = await run(task.durationMs)
  await transport.close()
  const notOk = warmUp.sent - warmUp.ok + sent - ok
  return { ok, durationMs, cpuMs, notOk, sentInAll: warmUp.sent + sent }
}

/** Slots for as long as the time lasts; those in flight then are waited for, so that each one sent is counted. */
function slotsUntil(end: number): { next: SlotSource; given: () => number } {
  let sequence = 0
  return {
    next: () => {
      if (performance.now() >= end) return undefined
      const slot = { sequence, promptIndex: 0, delayMs: 0 }
      sequence += 1
      return slot
    },
    given: () => sequence,
  }
}

export type PlayLoop = typeof play

answerTask(play)
