import type { Action, ExchangeRecord } from '../exchange-record.ts'

/** Which exchanges are asked for; what is undefined restricts nothing. */
export interface ExchangeFilter {
  readonly traceId?: string | undefined
  readonly tenantId?: string | undefined
  readonly model?: string | undefined
  readonly action?: Action | undefined
  readonly stream?: boolean | undefined
  /** Started then or later, epoch ms. */
  readonly since?: number | undefined
  /** Started then or earlier, epoch ms. */
  readonly until?: number | undefined
  readonly minScore?: number | undefined
  readonly maxScore?: number | undefined
  /** Has a finding of this type; with `minSeverity`, one that is also as bad as that. */
  readonly findingType?: string | undefined
  /** Has a finding of at least this severity, as its place in SEVERITIES. */
  readonly minSeverity?: number | undefined
}

export interface PageBounds {
  readonly limit: number
  readonly offset: number
}

export interface Page<T> {
  /** Newest first. */
  readonly items: readonly T[]
  /** How many there are in all. */
  readonly total: number
}

/** All exchanges of one trace id that a filter lets through. */
export interface Trace {
  readonly traceId: string
  /** When its first exchange started, epoch ms. */
  readonly startedAt: number
  /** Newest first, at most TRACE_SPANS. */
  readonly exchanges: readonly ExchangeRecord[]
  readonly exchangeCount: number
}

/** A client that sends one trace id with every request must not make one answer of all of them. */
export const TRACE_SPANS = 1000

export interface StoreTotals {
  readonly traces: number
  readonly exchanges: number
  /** What the database occupies, or what the records in memory come to. */
  readonly bytes: number
  /** Epoch ms; undefined in an empty store. */
  readonly oldestAt: number | undefined
  readonly newestAt: number | undefined
}

export interface Retention {
  /** Exchanges that started before then go; epoch ms. */
  readonly before: number
  /** The oldest go until what is left is estimated at no more than this. */
  readonly bytes: number
}

/** Where records are kept. Every method rejects when the database fails. */
export interface TraceStore {
  /** Keeps all of them or none; a record whose span id is known already is passed over. */
  append(records: readonly ExchangeRecord[]): Promise<void>
  exchanges(filter: ExchangeFilter, bounds: PageBounds): Promise<Page<ExchangeRecord>>
  exchange(spanId: string, filter: ExchangeFilter): Promise<ExchangeRecord | undefined>
  traces(filter: ExchangeFilter, bounds: PageBounds): Promise<Page<Trace>>
  trace(traceId: string, filter: ExchangeFilter): Promise<Trace | undefined>
  totals(filter: ExchangeFilter): Promise<StoreTotals>
  /** Resolves to how many exchanges went. */
  prune(retention: Retention): Promise<number>
  close(): Promise<void>
}
