import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import { PROVIDER } from '../api/span-json.ts'
import type { ExchangeRecord } from '../exchange-record.ts'
import type { QueueCounts } from '../store/record-queue.ts'
import type { ExportCounts } from './otlp-export.ts'

/** Finer than LLMTrace's, which begin at 50 ms: what a proxy adds is a share of a millisecond. */
const DURATION_BUCKETS = [
  0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60,
]
const ANALYSIS_BUCKETS = [
  0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5,
]

/** Clients choose the model's name; each new one would be a time series for ever. */
const MOST_MODELS = 100
const OTHER_MODELS = 'other'

/** Read when they are asked for. */
interface LiveCounts {
  readonly store: () => QueueCounts
  /** Undefined where nothing is exported. */
  readonly exports: () => ExportCounts | undefined
  readonly connections: () => number
}

/** Counts of one proxy, in a registry of its own. */
export class ProxyMetrics {
  private readonly registry = new Registry()
  private readonly models = new Set<string>()
  private readonly requests = this.counter(
    'llmtrace_requests_total',
    'Requests that ended, blocked ones too.',
    ['provider', 'model', 'status_code'],
  )
  private readonly actions = this.counter(
    'llmtrace_action_executions_total',
    'What was done with requests.',
    ['action'],
  )
  private readonly tokens = this.counter(
    'llmtrace_tokens_total',
    'Tokens as the upstream counts them.',
    ['provider', 'model', 'type'],
  )
  private readonly findings = this.counter(
    'llmtrace_security_findings_total',
    'Findings of the detectors.',
    ['severity', 'finding_type'],
  )
  private readonly duration = this.histogram(
    'llmtrace_request_duration_seconds',
    "From a request's head to the last byte of its answer.",
    DURATION_BUCKETS,
    ['provider', 'model'],
  )
  private readonly upstream = this.histogram(
    'llmtrace_upstream_duration_seconds',
    "From forwarding to the head of the upstream's answer.",
    DURATION_BUCKETS,
    [],
  )
  private readonly firstToken = this.histogram(
    'llmtrace_time_to_first_token_seconds',
    'From forwarding to the first streamed content.',
    DURATION_BUCKETS,
    [],
  )
  private readonly analysis = this.histogram(
    'llmtrace_security_detector_latency_seconds',
    'Time in detectors before forwarding.',
    ANALYSIS_BUCKETS,
    ['detector'],
  )
  readonly contentType = this.registry.contentType

  constructor(live: LiveCounts) {
    this.addLive(live)
  }

  record(record: ExchangeRecord): void {
    const { status, action, promptTokens, completionTokens } = record
    const model = this.modelLabel(record.model)
    const labels = { provider: PROVIDER, model }
    this.requests.inc({ ...labels, status_code: status ?? 'none' })
    this.actions.inc({ action })
    observe(this.duration, record.durationMs, labels)
    observe(this.upstream, record.upstreamMs)
    observe(this.firstToken, record.timeToFirstTokenMs)
    observe(this.analysis, record.analysisMs, { detector: 'pipeline' })
    if (isCount(promptTokens)) this.tokens.inc({ ...labels, type: 'prompt' }, promptTokens)
    if (isCount(completionTokens)) {
      this.tokens.inc({ ...labels, type: 'completion' }, completionTokens)
    }
    for (const { severity, type } of record.findings) {
      this.findings.inc({ severity, finding_type: type })
    }
  }

  /** The text format of Prometheus. */
  print(): Promise<string> {
    return this.registry.metrics()
  }

  private modelLabel(model: string | undefined): string {
    if (model === undefined) return 'none'
    if (!this.models.has(model)) {
      if (this.models.size >= MOST_MODELS) return OTHER_MODELS
      this.models.add(model)
    }
    return model
  }

  private counter(name: string, help: string, labelNames: string[]): Counter {
    return new Counter({ name, help, labelNames, registers: [this.registry] })
  }

  private histogram(
    name: string,
    help: string,
    buckets: number[],
    labelNames: string[],
  ): Histogram {
    return new Histogram({ name, help, buckets, labelNames, registers: [this.registry] })
  }

  private addLive({ store, exports, connections }: LiveCounts): void {
    this.liveGauge('llmtrace_active_connections', 'Open connections of clients.', connections)
    this.liveGauge(
      'llmtrace_bench_records_waiting',
      'Records that wait for the store.',
      () => store().waiting,
    )
    this.liveCounter(
      'llmtrace_storage_operations_total',
      'Records that the store took, records that were lost, and writes that failed.',
      () => {
        const { written, dropped, failedWrites } = store()
        return [
          [{ operation: 'record', status: 'written' }, written],
          [{ operation: 'record', status: 'dropped' }, dropped],
          [{ operation: 'write', status: 'failed' }, failedWrites],
        ]
      },
    )
    this.liveCounter('llmtrace_bench_otlp_spans_total', 'Spans by what became of them.', () => {
      const counts = exports()
      if (counts === undefined) return []
      return [
        [{ status: 'recorded' }, counts.recorded],
        [{ status: 'exported' }, counts.exported],
        [{ status: 'failed' }, counts.failed],
      ]
    })
  }

  private liveGauge(name: string, help: string, read: () => number): void {
    const gauge = new Gauge({
      name,
      help,
      registers: [],
      collect() {
        this.set(read())
      },
    })
    this.registry.registerMetric(gauge)
  }

  /** Counted elsewhere, and told as it stands. */
  private liveCounter(
    name: string,
    help: string,
    read: () => readonly (readonly [labels: Record<string, string>, value: number])[],
  ): void {
    const counter = new Counter({
      name,
      help,
      labelNames: ['operation', 'status'],
      registers: [],
      collect() {
        this.reset()
        for (const [labels, value] of read()) this.inc(labels, value)
      },
    })
    this.registry.registerMetric(counter)
  }
}

function observe(
  histogram: Histogram,
  ms: number | undefined,
  labels: Record<string, string> = {},
): void {
  if (ms !== undefined && Number.isFinite(ms)) histogram.observe(labels, ms / 1000)
}

/** The upstream may write anything where a number of tokens is expected, and a counter throws for it. */
function isCount(value: number | undefined): value is number {
  return value !== undefined && Number.isSafeInteger(value) && value >= 0
}
