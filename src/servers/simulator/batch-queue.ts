export interface BatchQueueOptions {
  /** Requests served at once. */
  readonly maxBatch: number
  /** Requests that may wait beyond; one more is refused. */
  readonly maxQueue: number
}

interface Waiting {
  readonly start: (inBatch: number) => void
}

/**
 * Continuous batching in small: up to `maxBatch` requests are served at once and the others wait in order, so that
 * latency rises with concurrency as an inference server's does.
 */
export class BatchQueue {
  private inBatch = 0
  private readonly waiting: Waiting[] = []
  private readonly options: BatchQueueOptions

  constructor(options: BatchQueueOptions) {
    this.options = options
  }

  /**
   * Calls `start`, now or when it is this request's turn, with the number of requests then in the batch. Returns a
   * function that leaves the queue or the batch, to be called once, or undefined when the queue is full.
   */
  enter(start: (inBatch: number) => void): (() => void) | undefined {
    if (this.inBatch >= this.options.maxBatch && this.waiting.length >= this.options.maxQueue)
      return undefined
    const entry: Waiting = { start }
    this.waiting.push(entry)
    this.admit()
    return () => {
      const position = this.waiting.indexOf(entry)
      if (position === -1) this.inBatch -= 1
      else this.waiting.splice(position, 1)
      this.admit()
    }
  }

  private admit(): void {
    while (this.inBatch < this.options.maxBatch) {
      const next = this.waiting.shift()
      if (next === undefined) return
      this.inBatch += 1
      next.start(this.inBatch)
    }
  }
}
