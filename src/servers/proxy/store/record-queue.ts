import type { ExchangeRecord } from '../exchange-record.ts'

/** What became of the records so far. */
export interface QueueCounts {
  readonly written: number
  /** Lost: the queue was full, or the store failed until the end. */
  readonly dropped: number
  readonly failedWrites: number
  readonly waiting: number
  /** Whether the last write failed. */
  readonly failing: boolean
}

export interface QueueOptions {
  /** Keeps all of them or none. Repeating a batch that failed must be safe: it may have been kept all the same. */
  readonly append: (records: readonly ExchangeRecord[]) => Promise<void>
  /** Takes one line for people: the first failure, the first loss, and what was lost at the end. */
  readonly warn: (line: string) => void
  /** Most records that wait. */
  readonly mostRecords?: number
  /** Most characters of text that wait. */
  readonly mostLength?: number
}

/** How long a record waits for others: what is lost when the process is killed is no older. */
const FLUSH_AFTER_MS = 100
/** A batch is handed over in one piece; 200 records of 1 kB hold the event loop for half a millisecond. */
const BATCH_RECORDS = 200
const BATCH_LENGTH = 1024 * 1024
const FIRST_RETRY_MS = 100
const LAST_RETRY_MS = 5000
/** At the end a store that fails is not waited for as long as one that is slow. */
const LAST_ATTEMPTS = 10

/**
 * Records on their way to the store. Adding one never waits and never throws. While the store fails, batches are
 * tried again, ever more rarely, and the queue fills up to its bounds; from then on what comes is dropped and counted.
 */
export class RecordQueue {
  private readonly options: QueueOptions
  private readonly mostRecords: number
  private readonly mostLength: number
  private readonly waiting: ExchangeRecord[] = []
  private length = 0
  private written = 0
  private dropped = 0
  private failedWrites = 0
  /** In a row. */
  private failures = 0
  private saidLoss = false
  private closed = false
  private timer: NodeJS.Timeout | undefined
  private writing: Promise<void> | undefined

  constructor(options: QueueOptions) {
    this.options = options
    this.mostRecords = options.mostRecords ?? 10_000
    this.mostLength = options.mostLength ?? 64 * 1024 * 1024
  }

  add(record: ExchangeRecord): void {
    const length = textLength(record)
    if (this.waiting.length >= this.mostRecords || this.length + length > this.mostLength) {
      this.drop(1)
      return
    }
    this.waiting.push(record)
    this.length += length
    // After a write what waits is looked at again.
    if (this.writing !== undefined) return
    const full = this.waiting.length === BATCH_RECORDS && this.failures === 0
    if (full || this.timer === undefined) this.writeSoon(this.nextDelayMs())
  }

  counts(): QueueCounts {
    const { written, dropped, failedWrites, waiting, failures } = this
    return { written, dropped, failedWrites, waiting: waiting.length, failing: failures > 0 }
  }

  /** Counts a failure of the store that was not a batch's, such as that it cannot be opened. */
  noteFailure(error: unknown): void {
    this.failedWrites += 1
    this.failures += 1
    if (this.failedWrites > 1) return
    const reason = error instanceof Error ? error.message : String(error)
    this.options.warn(
      `the store fails (${reason}); forwarding goes on, and records wait for it as long as there is room`,
    )
  }

  /** Writes what waits; what is left after `graceMs` is lost. Nothing may be added afterwards. */
  async close(graceMs: number): Promise<void> {
    const giveUpAt = Date.now() + graceMs
    this.cancelTimer()
    let attempts = 0
    while (this.waiting.length > 0 && Date.now() < giveUpAt && attempts < LAST_ATTEMPTS) {
      await within(this.write(), giveUpAt - Date.now())
      this.cancelTimer()
      if (this.failures > 0) await pause(FIRST_RETRY_MS)
      attempts = this.failures > 0 ? attempts + 1 : 0
    }
    this.closed = true
    const lost = this.waiting.length
    if (lost === 0) return
    this.dropped += lost
    this.waiting.length = 0
    this.options.warn(`${lost} records are lost: the store did not take them before the end`)
  }

  private writeSoon(afterMs: number): void {
    this.cancelTimer()
    this.timer = setTimeout(() => {
      this.timer = undefined
      void this.write()
    }, afterMs)
  }

  private cancelTimer(): void {
    clearTimeout(this.timer)
    this.timer = undefined
  }

  /** One batch at a time; resolves when it is written or has failed. */
  private write(): Promise<void> {
    this.writing ??= this.writeBatch().finally(() => {
      this.writing = undefined
      if (this.waiting.length > 0 && !this.closed) this.writeSoon(this.nextDelayMs())
    })
    return this.writing
  }

  private nextDelayMs(): number {
    if (this.failures > 0) return Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.failures)
    return this.waiting.length >= BATCH_RECORDS ? 0 : FLUSH_AFTER_MS
  }

  private async writeBatch(): Promise<void> {
    const batch = this.firstBatch()
    if (batch.length === 0) return
    try {
      await this.options.append(batch)
    } catch (error) {
      this.noteFailure(error)
      return
    }
    // Counted as lost already.
    if (this.closed) return
    this.failures = 0
    this.written += batch.length
    for (const record of this.waiting.splice(0, batch.length)) this.length -= textLength(record)
  }

  private firstBatch(): ExchangeRecord[] {
    const batch: ExchangeRecord[] = []
    let length = 0
    for (const record of this.waiting) {
      length += textLength(record)
      if (batch.length > 0 && (batch.length >= BATCH_RECORDS || length > BATCH_LENGTH)) break
      batch.push(record)
    }
    return batch
  }

  private drop(count: number): void {
    this.dropped += count
    if (this.saidLoss) return
    this.saidLoss = true
    this.options.warn(
      'records are lost: more come than the store takes; /metrics and /api/v1/stats count them',
    )
  }
}

function textLength({ prompt, response }: ExchangeRecord): number {
  return (prompt?.length ?? 0) + (response?.length ?? 0)
}

/** Waits for it, but no longer; no timer is left to hold the process. */
async function within(work: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, ms))
  })
  await Promise.race([work, late])
  clearTimeout(timer)
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, Math.max(0, ms))
  })
}
