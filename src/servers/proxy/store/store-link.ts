import type { ApiAnswer, ApiQuestion } from '../api/answer.ts'
import type { ExchangeRecord } from '../exchange-record.ts'

/** What the proxy asks of its store, in whatever thread that runs. */
export interface StoreLink {
  /** Opens the store and brings its schema up to date; rejects where that fails, and may be called again. */
  open(): Promise<void>
  append(records: readonly ExchangeRecord[]): Promise<void>
  /** Never rejects for what the question says: a bad question has an answer too. */
  answer(question: ApiQuestion): Promise<ApiAnswer>
  close(): Promise<void>
}

export interface RetentionOptions {
  readonly days: number
  /** Estimated size of the records that are kept. */
  readonly bytes: number
}
