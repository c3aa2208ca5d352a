import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, TraceFlags } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  AlwaysOnSampler,
  BasicTracerProvider,
  BatchSpanProcessor,
  type ReadableSpan,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-base'
import type { ExchangeRecord } from '../exchange-record.ts'
import { storableRecord } from '../store/storable-record.ts'
import { errorType, findingAttributes, spanAttributes, spanName } from './span-attributes.ts'

export interface ExportCounts {
  /** Handed over so far; what is neither exported nor failed waits, or found no room. */
  readonly recorded: number
  readonly exported: number
  readonly failed: number
}

export interface OtlpExportOptions {
  /** With or without /v1/traces at its end. */
  readonly url: string
  readonly warn: (line: string) => void
}

const EXPORT_TIMEOUT_MS = 3000
/** A batch is written as JSON in one piece; 100 spans hold the event loop for less than a millisecond. */
const BATCH = { scheduledDelayMillis: 500, maxExportBatchSize: 100, maxQueueSize: 10_000 }

type Export = SpanExporter['export']

/** Sends each exchange as a span, with the ids that the proxy gave it. Loaded only where it is asked for. */
export class OtlpExport {
  private readonly provider: BasicTracerProvider
  private readonly options: OtlpExportOptions
  private recorded = 0
  private exported = 0
  private failed = 0
  /** Whose ids the next span gets. */
  private current: Pick<ExchangeRecord, 'traceId' | 'spanId'> = { traceId: '', spanId: '' }

  constructor(options: OtlpExportOptions) {
    this.options = options
    const exporter = new OTLPTraceExporter({
      url: tracesUrl(options.url),
      timeoutMillis: EXPORT_TIMEOUT_MS,
    })
    this.provider = new BasicTracerProvider({
      resource: resourceFromAttributes({ 'service.name': 'llmtrace-bench-proxy' }),
      sampler: new AlwaysOnSampler(),
      spanProcessors: [new BatchSpanProcessor(this.counting(exporter), BATCH)],
      idGenerator: {
        generateTraceId: () => this.current.traceId,
        generateSpanId: () => this.current.spanId,
      },
    })
  }

  record(given: ExchangeRecord): void {
    // Texts are not sent; of the rest, what is no number or no text is kept out as in the store.
    const record = storableRecord({ ...given, prompt: undefined, response: undefined })
    this.current = record
    this.recorded += 1
    const span = this.provider.getTracer('llmtrace-bench').startSpan(
      spanName(record),
      {
        kind: SpanKind.CLIENT,
        startTime: record.startedAt,
        attributes: spanAttributes(record),
      },
      parentOf(record),
    )
    const endedAt = record.startedAt + record.durationMs
    for (const finding of record.findings) {
      span.addEvent('llmtrace.finding', findingAttributes(finding), endedAt)
    }
    const error = errorType(record)
    if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: error })
    span.end(endedAt)
  }

  counts(): ExportCounts {
    const { recorded, exported, failed } = this
    return { recorded, exported, failed }
  }

  /** Sends what waits, for as long as one export may take. */
  async close(): Promise<void> {
    const giveUp = new Promise<void>((resolve) => {
      setTimeout(resolve, EXPORT_TIMEOUT_MS).unref()
    })
    await Promise.race([this.provider.shutdown().catch(() => {}), giveUp])
    // After a failure the rest is not even tried.
    this.failed = this.recorded - this.exported
  }

  private counting(inner: SpanExporter): SpanExporter {
    const take: Export = (spans: ReadableSpan[], done) =>
      inner.export(spans, (result) => {
        const code: number = result.code
        if (code === 0) this.exported += spans.length
        else this.fail(spans.length, result.error)
        done(result)
      })
    return {
      export: take,
      shutdown: () => inner.shutdown(),
      forceFlush: async () => inner.forceFlush?.(),
    }
  }

  private fail(count: number, error: Error | undefined): void {
    if (this.failed === 0) {
      this.options.warn(
        `spans are lost: the OTLP receiver does not take them (${error?.message ?? 'no reason given'}); forwarding goes on`,
      )
    }
    this.failed += count
  }
}

function parentOf({ traceId, parentSpanId }: ExchangeRecord) {
  if (parentSpanId === undefined) return ROOT_CONTEXT
  const parent = { traceId, spanId: parentSpanId, traceFlags: TraceFlags.SAMPLED, isRemote: true }
  return trace.setSpanContext(ROOT_CONTEXT, parent)
}

function tracesUrl(url: string): string {
  const base = url.replace(/\/+$/, '')
  return base.endsWith('/v1/traces') ? base : `${base}/v1/traces`
}
