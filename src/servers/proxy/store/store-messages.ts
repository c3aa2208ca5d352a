import type { ApiAnswer, ApiQuestion } from '../api/answer.ts'
import type { ExchangeRecord } from '../exchange-record.ts'
import type { RetentionOptions } from './store-link.ts'
import type { StoreSpec } from './store-spec.ts'

export interface StoreSetup {
  readonly spec: Exclude<StoreSpec, { kind: 'none' }>
  readonly retention: RetentionOptions
}

export type StoreRequest =
  | { readonly kind: 'open' }
  | { readonly kind: 'append'; readonly records: readonly ExchangeRecord[] }
  | { readonly kind: 'answer'; readonly question: ApiQuestion }
  | { readonly kind: 'close' }

/** A request and the number that its reply carries. */
export interface ToStore {
  readonly id: number
  readonly request: StoreRequest
}

export type FromStore =
  | { readonly id: number; readonly answer: ApiAnswer | undefined }
  | { readonly id: number; readonly failure: string }
