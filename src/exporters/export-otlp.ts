import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import type { Gauge } from '../model/gauge.ts'
import type { RunRecord } from '../model/run-record.ts'
import type { TimeSpan } from './otlp-common.ts'
import { toResourceMetrics } from './otlp-metrics.ts'
import { toSpans } from './otlp-spans.ts'

/** Spans in one request: what collectors take by default, with room for long attributes. */
const BATCH = 512

export interface OtlpExport {
  /** Of the collector, without `/v1/...`. */
  readonly url: string
  readonly gauges: readonly Gauge[]
  readonly startedAt: string | undefined
  readonly toolVersion: string | undefined
  /** Where there are samples: whence the spans are. */
  readonly record: RunRecord | undefined
  readonly mostSpans: number
  readonly timeoutMs: number
}

/** Sends metrics, then spans, as JSON over HTTP; resolves to how many spans. Throws where the collector refuses. */
export async function exportOtlp(given: OtlpExport): Promise<{ readonly spans: number }> {
  const { gauges, record, mostSpans, timeoutMs } = given
  const resource = resourceFromAttributes({
    'service.name': 'llmtrace-bench',
    'service.version': given.toolVersion ?? 'unknown',
  })
  const metrics = new OTLPMetricExporter({ url: urlOf(given, 'metrics'), timeoutMillis: timeoutMs })
  const payload = toResourceMetrics(gauges, resource, timeSpanOf(given))
  await settle((done) => metrics.export(payload, done))
  await metrics.shutdown()
  const spans = record === undefined ? [] : toSpans(record, resource, mostSpans)
  if (spans.length > 0) await exportSpans(spans, urlOf(given, 'traces'), timeoutMs)
  return { spans: spans.length }
}

async function exportSpans(
  spans: ReturnType<typeof toSpans>,
  url: string,
  timeoutMs: number,
): Promise<void> {
  const traces = new OTLPTraceExporter({ url, timeoutMillis: timeoutMs })
  try {
    for (let from = 0; from < spans.length; from += BATCH) {
      const batch = spans.slice(from, from + BATCH)
      await settle((done) => traces.export(batch, done))
    }
  } finally {
    await traces.shutdown()
  }
}

function urlOf({ url }: OtlpExport, signal: 'metrics' | 'traces'): string {
  const parsed = new URL(url)
  parsed.pathname = `${parsed.pathname.replace(/\/$/, '')}/v1/${signal}`
  return parsed.href
}

/** From the start of the run to its last sample; of a result file, which has no times, only the start. */
function timeSpanOf({ startedAt, record }: OtlpExport): TimeSpan {
  const parsed = Date.parse(startedAt ?? '')
  const fromMs = Number.isNaN(parsed) ? 0 : parsed
  const ends = (record?.measurements ?? []).flatMap(({ samples }) => samples.endedAt.at(-1) ?? [])
  const zeroAt = record?.clockZeroAt
  const lastMs = zeroAt === undefined || ends.length === 0 ? fromMs : zeroAt + Math.max(...ends)
  return { fromMs, toMs: Math.max(fromMs, lastMs) }
}

interface ExportResult {
  readonly code: number
  readonly error?: Error
}

/** An exporter's callback as a promise. */
function settle(start: (done: (result: ExportResult) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    start(({ code, error }) => {
      if (code === 0) resolve()
      else reject(error ?? new Error('the collector refused'))
    })
  })
}
