import { parentPort, workerData } from 'node:worker_threads'
import type { ToWorker, WorkerSetup } from '../engine/client-workers/messages.ts'
import { WorkerSession } from '../engine/client-workers/worker-session.ts'
import { createLoadJudge } from '../library/load-judge.ts'

// What a client worker's thread runs. Found by its name from start-client-workers.ts. Here and not in the engine, which
// knows no verdicts.
const port = parentPort
if (port === null) throw new Error('a client worker is started by the run, not by hand')

/** An error in any callback ends the thread and reaches the run with its stack. */
function crash(error: unknown): void {
  queueMicrotask(() => {
    throw error
  })
}

const session = new WorkerSession(workerData as WorkerSetup, {
  post: (message, transfer) => port.postMessage(message, transfer),
  createJudge: createLoadJudge,
})
port.on('message', (message: ToWorker) => {
  session.take(message).catch(crash)
})
session.begin().catch(crash)
