import { Worker } from 'node:worker_threads'
import type { ApiAnswer, ApiQuestion } from '../api/answer.ts'
import type { ExchangeRecord } from '../exchange-record.ts'
import type { StoreLink } from './store-link.ts'
import type { FromStore, StoreRequest, StoreSetup } from './store-messages.ts'

interface Asked {
  readonly resolve: (answer: ApiAnswer | undefined) => void
  readonly reject: (error: Error) => void
}

/**
 * A database in a thread of its own: libsql holds its thread while it works, and the answers of the API are made
 * there too. A thread that ended is started again by the next request.
 */
export class ThreadedStore implements StoreLink {
  private readonly setup: StoreSetup
  private readonly asked = new Map<number, Asked>()
  private thread: Worker | undefined
  private next = 0

  constructor(setup: StoreSetup) {
    this.setup = setup
  }

  async open(): Promise<void> {
    await this.ask({ kind: 'open' })
  }

  async append(records: readonly ExchangeRecord[]): Promise<void> {
    await this.ask({ kind: 'append', records })
  }

  async answer(question: ApiQuestion): Promise<ApiAnswer> {
    const answer = await this.ask({ kind: 'answer', question })
    if (answer === undefined) throw new Error('the store gave no answer')
    return answer
  }

  async close(): Promise<void> {
    const { thread } = this
    if (thread === undefined) return
    await this.ask({ kind: 'close' }).catch(() => {})
    await thread.terminate()
  }

  private ask(request: StoreRequest): Promise<ApiAnswer | undefined> {
    const thread = this.running()
    const id = this.next
    this.next += 1
    return new Promise((resolve, reject) => {
      this.asked.set(id, { resolve, reject })
      thread.postMessage({ id, request }, [])
    })
  }

  private running(): Worker {
    if (this.thread !== undefined) return this.thread
    const thread = new Worker(new URL('./store-thread.js', import.meta.url), {
      workerData: this.setup,
    })
    let cause = 'it ended'
    thread.on('message', (message: FromStore) => this.take(message))
    thread.on('error', (error: Error) => {
      cause = error.message
    })
    thread.on('exit', () => {
      this.thread = undefined
      for (const { reject } of this.asked.values())
        reject(new Error(`the store's thread: ${cause}`))
      this.asked.clear()
    })
    this.thread = thread
    return thread
  }

  private take(message: FromStore): void {
    const asked = this.asked.get(message.id)
    this.asked.delete(message.id)
    if ('failure' in message) asked?.reject(new Error(message.failure))
    else asked?.resolve(message.answer)
  }
}
