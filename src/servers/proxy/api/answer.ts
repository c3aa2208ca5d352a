import type { QueueCounts } from '../store/record-queue.ts'
import type { ExchangeFilter, TraceStore } from '../store/trace-store.ts'
import { ApiError, apiErrorBody } from './api-error.ts'
import { type ApiQuery, readQuery, readTraceId } from './read-query.ts'
import { spanJson, totalsJson, traceJson } from './span-json.ts'

/** A GET under /api/v1/, as it goes to where the store is. */
export interface ApiQuestion {
  /** Path and query of the request. */
  readonly target: string
  /** Of the request's header: restricts every answer to this tenant. */
  readonly tenantId: string | undefined
  readonly counts: QueueCounts
}

export interface ApiAnswer {
  readonly status: number
  /** JSON. */
  readonly body: Uint8Array
}

/** Answers a question about what is stored. Rejects only where the store does. */
export async function answerQuestion(store: TraceStore, question: ApiQuestion): Promise<ApiAnswer> {
  try {
    return encode(200, await read(store, question))
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return encode(error.status, apiErrorBody(error.message))
  }
}

function encode(status: number, value: unknown): ApiAnswer {
  return { status, body: new TextEncoder().encode(JSON.stringify(value)) }
}

async function read(
  store: TraceStore,
  { target, tenantId, counts }: ApiQuestion,
): Promise<unknown> {
  const { pathname, searchParams } = new URL(target, 'http://proxy')
  const query = scoped(readQuery(searchParams), tenantId)
  const { filter, bounds } = query
  const [, kind = '', id] =
    /^\/api\/v1\/(traces|spans|security\/findings|stats)(?:\/([^/]+))?$/.exec(pathname) ?? []
  if (id !== undefined) return readOne(store, kind, { id: decode(id), filter })
  switch (kind) {
    case 'traces': {
      const { items, total } = await store.traces(filter, bounds)
      return { data: items.map((trace) => traceJson(trace)), total, ...bounds }
    }
    case 'spans':
      return readSpans(store, query)
    case 'security/findings': {
      const minScore = Math.max(1, filter.minScore ?? 1)
      return readSpans(store, { bounds, filter: { ...filter, minScore } })
    }
    case 'stats': {
      const totals = await store.totals(filter)
      const { written, dropped, waiting, failedWrites } = counts
      const records = { written, dropped, waiting, failed_writes: failedWrites }
      return { ...totalsJson(totals), records }
    }
    default:
      throw notFound(pathname)
  }
}

async function readSpans(store: TraceStore, { filter, bounds }: ApiQuery): Promise<unknown> {
  const { items, total } = await store.exchanges(filter, bounds)
  return { data: items.map((record) => spanJson(record)), total, ...bounds }
}

async function readOne(
  store: TraceStore,
  kind: string,
  { id, filter }: { readonly id: string; readonly filter: ExchangeFilter },
): Promise<unknown> {
  if (kind === 'traces') {
    const trace = await store.trace(readTraceId(id, 'the trace id'), filter)
    if (trace !== undefined) return traceJson(trace)
  }
  if (kind === 'spans') {
    const record = await store.exchange(id.toLowerCase(), filter)
    if (record !== undefined) return spanJson(record)
  }
  throw notFound(`${kind}/${id}`)
}

/** A tenant in the header outweighs one in the query: it cannot be widened. */
function scoped({ filter, bounds }: ApiQuery, tenantId: string | undefined): ApiQuery {
  return tenantId === undefined ? { filter, bounds } : { filter: { ...filter, tenantId }, bounds }
}

function notFound(what: string): ApiError {
  return new ApiError(404, `there is no ${what}`)
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
