import type { IncomingMessage, ServerResponse } from 'node:http'
import { LocalRoutes } from './api/local-routes.ts'
import type { RecordSink } from './exchange-record.ts'
import type { ProxyOptions } from './proxy-options.ts'
import { openStore } from './store/open-store.ts'
import { type QueueCounts, RecordQueue } from './store/record-queue.ts'
import { StoreKeeper } from './store/store-keeper.ts'
import type { StoreLink } from './store/store-link.ts'
import { ThreadedStore } from './store/threaded-store.ts'
import type { OtlpExport } from './telemetry/otlp-export.ts'
import { ProxyMetrics } from './telemetry/metrics.ts'

/** How long the end of the proxy waits for what is not yet written. */
const CLOSE_GRACE_MS = 5000

/** What the proxy does beside forwarding: it keeps and counts what happened, and answers questions about it. */
export interface Observability {
  readonly record: RecordSink
  /** Answers a request that is not forwarded. */
  readonly serve: (request: IncomingMessage, response: ServerResponse) => void
  /** What became of the records so far. */
  readonly counts: () => QueueCounts
  /** Writes what waits. Nothing may be recorded afterwards. */
  close(): Promise<void>
}

export async function startObservability(
  options: ProxyOptions,
  connections: () => number,
): Promise<Observability> {
  const store = linkOf(options)
  const queue = new RecordQueue({
    append: async (records) => store?.append(records),
    warn: options.warn,
  })
  const otlp = await openOtlp(options)
  const metrics = new ProxyMetrics({
    store: () => queue.counts(),
    exports: () => otlp?.counts(),
    connections,
  })
  const routes = new LocalRoutes({
    store,
    metrics,
    counts: () => queue.counts(),
    apiKey: options.apiKey,
    upstream: new URL(options.upstream).origin,
  })
  // What is wrong with the database is said at once, not with the first request; it may come right.
  store?.open().catch((error: unknown) => queue.noteFailure(error))
  return {
    record: (record) => {
      metrics.record(record)
      otlp?.record(record)
      if (store !== undefined) queue.add(record)
    },
    serve: (request, response) => routes.serve(request, response),
    counts: () => queue.counts(),
    async close() {
      await Promise.all([queue.close(CLOSE_GRACE_MS), otlp?.close()])
      await store?.close()
    },
  }
}

async function openOtlp({ otlpUrl, warn }: ProxyOptions): Promise<OtlpExport | undefined> {
  if (otlpUrl === undefined) return undefined
  const module = await import('./telemetry/otlp-export.ts')
  return new module.OtlpExport({ url: otlpUrl, warn })
}

/** Memory needs no thread; a database gets one of its own. */
function linkOf({ store: spec, retention }: ProxyOptions): StoreLink | undefined {
  if (spec.kind === 'none') return undefined
  return spec.kind === 'memory'
    ? new StoreKeeper(() => openStore(spec), retention)
    : new ThreadedStore({ spec, retention })
}
