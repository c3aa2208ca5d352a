import type { Milliseconds } from '../../model/units.ts'
import { endOfRow, readRow, type SampleBatch, type SampleRow } from './sample-batch.ts'

interface Queue {
  readonly batches: SampleBatch[]
  /** Row of the first batch that is next. */
  row: number
  /** No sample still to come ended before this. */
  until: Milliseconds
}

/**
 * Puts the workers' samples into the one order in which they ended, as a single thread would have recorded them:
 * throughput intervals read the gaps between neighbours. A row waits until every worker has told that far.
 */
export class SampleMerge {
  private readonly queues: readonly Queue[]
  private readonly emit: (row: SampleRow) => void

  constructor(workers: number, emit: (row: SampleRow) => void) {
    this.queues = Array.from({ length: workers }, () => ({ batches: [], row: 0, until: -Infinity }))
    this.emit = emit
  }

  /** All workers may send again. */
  begin(): void {
    for (const queue of this.queues) queue.until = -Infinity
  }

  add(worker: number, batch: SampleBatch): void {
    const queue = this.queueOf(worker)
    if (batch.count > 0) queue.batches.push(batch)
    queue.until = batch.until
    this.release()
  }

  /** The worker sends nothing more before `begin`; nobody waits for it. */
  finish(worker: number): void {
    this.queueOf(worker).until = Infinity
    this.release()
  }

  private release(): void {
    const limit = Math.min(...this.queues.map(({ until }) => until))
    for (;;) {
      const first = this.firstWithin(limit)
      const [batch] = first?.batches ?? []
      if (first === undefined || batch === undefined) return
      this.emit(readRow(batch, first.row))
      first.row += 1
      if (first.row < batch.count) continue
      first.batches.shift()
      first.row = 0
    }
  }

  /** The queue whose next row ended first, when that was no later than `limit`. */
  private firstWithin(limit: Milliseconds): Queue | undefined {
    let first: Queue | undefined
    let earliest = limit
    for (const queue of this.queues) {
      const [batch] = queue.batches
      if (batch === undefined) continue
      const endedAt = endOfRow(batch, queue.row)
      if (endedAt > earliest || (endedAt === earliest && first !== undefined)) continue
      earliest = endedAt
      first = queue
    }
    return first
  }

  private queueOf(worker: number): Queue {
    const queue = this.queues[worker]
    if (queue === undefined) throw new Error(`no client worker ${worker}`)
    return queue
  }
}
