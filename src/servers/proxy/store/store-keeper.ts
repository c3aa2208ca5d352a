import { answerQuestion, type ApiAnswer, type ApiQuestion } from '../api/answer.ts'
import type { ExchangeRecord } from '../exchange-record.ts'
import type { RetentionOptions, StoreLink } from './store-link.ts'
import { recordBytes } from './storable-record.ts'
import type { TraceStore } from './trace-store.ts'

const DAY_MS = 24 * 60 * 60 * 1000
const PRUNE_EVERY_MS = 60_000
/** Share of the size limit after which is looked again, however little time has passed. */
const PRUNE_AFTER_SHARE = 0.1

/** A store that is opened when it is first needed, and again after that failed, and that keeps to its limits. */
export class StoreKeeper implements StoreLink {
  private readonly openStore: () => Promise<TraceStore>
  private readonly retention: RetentionOptions
  private opening: Promise<TraceStore> | undefined
  private prunedAt = -Infinity
  private bytesSincePrune = 0
  private timer: NodeJS.Timeout | undefined

  constructor(openStore: () => Promise<TraceStore>, retention: RetentionOptions) {
    this.openStore = openStore
    this.retention = retention
  }

  async open(): Promise<void> {
    const store = await this.store()
    await this.prune(store)
    // What is old goes also where nothing new comes. A failure shows with the next batch.
    this.timer ??= setInterval(() => {
      this.prune(store).catch(() => {})
    }, PRUNE_EVERY_MS).unref()
  }

  async append(records: readonly ExchangeRecord[]): Promise<void> {
    const store = await this.store()
    // Before, not after: on a full disk this is what makes room.
    if (this.isPruneDue()) await this.prune(store)
    await store.append(records)
    for (const record of records) this.bytesSincePrune += recordBytes(record)
    if (this.isPruneDue()) await this.prune(store)
  }

  async answer(question: ApiQuestion): Promise<ApiAnswer> {
    return answerQuestion(await this.store(), question)
  }

  async close(): Promise<void> {
    clearInterval(this.timer)
    const store = await this.opening?.catch(() => undefined)
    await store?.close()
  }

  private store(): Promise<TraceStore> {
    this.opening ??= this.openStore().catch((error: unknown) => {
      this.opening = undefined
      throw error
    })
    return this.opening
  }

  private isPruneDue(): boolean {
    return (
      Date.now() - this.prunedAt > PRUNE_EVERY_MS ||
      this.bytesSincePrune > this.retention.bytes * PRUNE_AFTER_SHARE
    )
  }

  private async prune(store: TraceStore): Promise<void> {
    const { days, bytes } = this.retention
    await store.prune({ before: Date.now() - days * DAY_MS, bytes })
    this.prunedAt = Date.now()
    this.bytesSincePrune = 0
  }
}
