import type { BlockEnd } from '../arm-tally.ts'
import type { ToWorker } from './messages.ts'
import type { SampleBatch } from './sample-batch.ts'
import type { WorkerThread } from './worker-thread.ts'

type Ends = readonly BlockEnd[]

interface Waiting {
  readonly resolve: (ends: Ends) => void
  readonly reject: (error: unknown) => void
}

/** One client worker as the main thread sees it: one question at a time, and samples in between. */
export class WorkerLink {
  /** Takes the samples; set by whoever runs a level. */
  onSamples: (batch: SampleBatch) => void = () => {}
  private waiting: Waiting | undefined
  private failure: { readonly error: unknown } | undefined
  private closed = false
  private readonly thread: WorkerThread

  /** `onFailure` hears once that the thread ended by itself. */
  constructor(thread: WorkerThread, onFailure: (error: unknown) => void) {
    this.thread = thread
    const fail = (error: unknown) => {
      if (this.closed || this.failure !== undefined) return
      onFailure(error)
    }
    thread.on('message', (message) => {
      if (message.kind === 'samples') this.onSamples(message.batch)
      else this.answer(message.ends)
    })
    thread.on('error', fail)
    thread.on('messageerror', fail)
    thread.on('exit', (code) => fail(new Error(`a client worker ended, exit code ${code}`)))
  }

  /** Asks for something and waits for its end; without a message it waits for the worker's own beginning. */
  ask(message?: ToWorker): Promise<Ends> {
    return new Promise((resolve, reject) => {
      if (this.failure !== undefined) {
        reject(this.failure.error)
        return
      }
      this.waiting = { resolve, reject }
      if (message !== undefined) this.tell(message)
    })
  }

  /** Tells what is not answered. */
  tell(message: ToWorker): void {
    // Nothing is handed over: the other workers are sent the same.
    this.thread.postMessage(message, [])
  }

  /** Whoever waits gets the error, now and later. */
  fail(error: unknown): void {
    this.failure = { error }
    this.waiting?.reject(error)
    this.waiting = undefined
  }

  async close(): Promise<void> {
    this.closed = true
    await this.thread.terminate()
  }

  private answer(ends: Ends): void {
    const { waiting } = this
    this.waiting = undefined
    waiting?.resolve(ends)
  }
}
