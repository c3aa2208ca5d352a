import type { ExchangeRecord } from '../exchange-record.ts'
import { matchesFilter } from './matches-filter.ts'
import { recordBytes, storableRecord } from './storable-record.ts'
import {
  type ExchangeFilter,
  type Page,
  type PageBounds,
  type Retention,
  type StoreTotals,
  type Trace,
  TRACE_SPANS,
  type TraceStore,
} from './trace-store.ts'

/** Both bounds hold: small records are bounded by their number, large ones by their size. */
export interface MemoryBounds {
  readonly records: number
  readonly bytes: number
}

export const MEMORY_BOUNDS: MemoryBounds = { records: 10_000, bytes: 32 * 1024 * 1024 }

interface Kept {
  readonly record: ExchangeRecord
  readonly bytes: number
  /** Order of arrival, which decides where two started at once. */
  readonly sequence: number
}

/** The newest records, until the process ends. */
export class MemoryStore implements TraceStore {
  /** By span id, oldest first. */
  private readonly kept = new Map<string, Kept>()
  private readonly bounds: MemoryBounds
  private bytes = 0
  private sequence = 0

  constructor(bounds: MemoryBounds = MEMORY_BOUNDS) {
    this.bounds = bounds
  }

  async append(records: readonly ExchangeRecord[]): Promise<void> {
    for (const given of records) {
      const record = storableRecord(given)
      if (this.kept.has(record.spanId)) continue
      const bytes = recordBytes(record)
      this.sequence += 1
      this.kept.set(record.spanId, { record, bytes, sequence: this.sequence })
      this.bytes += bytes
    }
    for (const spanId of this.kept.keys()) {
      if (this.kept.size <= this.bounds.records && this.bytes <= this.bounds.bytes) break
      this.remove(spanId)
    }
  }

  async exchanges(
    filter: ExchangeFilter,
    { limit, offset }: PageBounds,
  ): Promise<Page<ExchangeRecord>> {
    const found = this.newestFirst(filter)
    return { items: found.slice(offset, offset + limit), total: found.length }
  }

  async exchange(spanId: string, filter: ExchangeFilter): Promise<ExchangeRecord | undefined> {
    const record = this.kept.get(spanId)?.record
    return record !== undefined && matchesFilter(record, filter) ? record : undefined
  }

  async traces(filter: ExchangeFilter, { limit, offset }: PageBounds): Promise<Page<Trace>> {
    const found = [...byTrace(this.newestFirst(filter))]
    const page = found.slice(offset, offset + limit)
    return { items: page.map(([id, exchanges]) => traceOf(id, exchanges)), total: found.length }
  }

  async trace(traceId: string, filter: ExchangeFilter): Promise<Trace | undefined> {
    const exchanges = this.newestFirst({ ...filter, traceId })
    return exchanges.length === 0 ? undefined : traceOf(traceId, exchanges)
  }

  async totals(filter: ExchangeFilter): Promise<StoreTotals> {
    const found = this.newestFirst(filter)
    return {
      traces: new Set(found.map(({ traceId }) => traceId)).size,
      exchanges: found.length,
      bytes: this.bytes,
      oldestAt: found.at(-1)?.startedAt,
      newestAt: found[0]?.startedAt,
    }
  }

  async prune({ before, bytes }: Retention): Promise<number> {
    const had = this.kept.size
    for (const [spanId, { record }] of this.kept) {
      if (record.startedAt < before) this.remove(spanId)
    }
    for (const spanId of this.kept.keys()) {
      if (this.bytes <= bytes) break
      this.remove(spanId)
    }
    return had - this.kept.size
  }

  async close(): Promise<void> {
    this.kept.clear()
    this.bytes = 0
  }

  private remove(spanId: string): void {
    this.bytes -= this.kept.get(spanId)?.bytes ?? 0
    this.kept.delete(spanId)
  }

  private newestFirst(filter: ExchangeFilter): ExchangeRecord[] {
    const found = [...this.kept.values()].filter(({ record }) => matchesFilter(record, filter))
    found.sort((a, b) => b.record.startedAt - a.record.startedAt || b.sequence - a.sequence)
    return found.map(({ record }) => record)
  }
}

function byTrace(exchanges: readonly ExchangeRecord[]): Map<string, ExchangeRecord[]> {
  const traces = new Map<string, ExchangeRecord[]>()
  for (const exchange of exchanges) {
    const trace = traces.get(exchange.traceId)
    if (trace === undefined) traces.set(exchange.traceId, [exchange])
    else trace.push(exchange)
  }
  return traces
}

/** `exchanges` is newest first and not empty. */
function traceOf(traceId: string, exchanges: readonly ExchangeRecord[]): Trace {
  return {
    traceId,
    startedAt: exchanges.at(-1)?.startedAt ?? 0,
    exchanges: exchanges.slice(0, TRACE_SPANS),
    exchangeCount: exchanges.length,
  }
}
