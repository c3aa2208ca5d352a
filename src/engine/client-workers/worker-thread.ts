import { Worker } from 'node:worker_threads'
import type { FromWorker, ToWorker, WorkerSetup } from './messages.ts'

/** What a run uses of a thread, so that tests can hand in their own. */
export interface WorkerThread {
  postMessage(message: ToWorker, transfer: readonly ArrayBuffer[]): void
  on(event: 'message', listener: (message: FromWorker) => void): unknown
  on(event: 'error' | 'messageerror', listener: (error: unknown) => void): unknown
  on(event: 'exit', listener: (code: number) => void): unknown
  terminate(): Promise<unknown>
}

export type Environment = Readonly<Record<string, string | undefined>>

/** Starts a thread with a module that runs a `WorkerSession`. `env` is all the environment that the thread sees. */
export function startWorkerThread(module: URL, setup: WorkerSetup, env: Environment): WorkerThread {
  return new Worker(module, { workerData: setup, env })
}
