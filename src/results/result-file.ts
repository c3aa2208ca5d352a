import type { Measurement } from '../model/measurement.ts'
import type { Plan, RequestSpec } from '../model/plan.ts'
import type { MetricName, Overhead, Summary } from '../model/summary.ts'
import type { Warning } from '../model/warning.ts'
import type { Estimate } from '../model/estimate.ts'
import type { ResultFile } from './result-schema.ts'

interface RunFacts {
  /** ISO 8601, UTC. */
  readonly started_at: string
  readonly node: string
  readonly platform: string
  readonly client: 'lean' | 'undici'
  readonly keep_alive: boolean
}

/** Everything that a result file tells, gathered by the caller. */
export interface ResultInput {
  readonly plan: Plan
  readonly spec: RequestSpec
  readonly headers: ResultFile['headers']
  readonly dataset: ResultFile['dataset']
  readonly tool: ResultFile['tool']
  readonly run: RunFacts
  /** Whether the run was stopped early. */
  readonly partial: boolean
  readonly measurements: readonly Measurement[]
  /** One a measurement, in the same order. */
  readonly summaries: readonly Summary[]
  /** The ok latencies of each measurement in ms. */
  readonly latencies: readonly Float64Array[]
  readonly overheads: readonly Overhead[]
  readonly warnings: readonly Warning[]
}

/** The result file's object, its latencies rounded to a microsecond. */
export function buildResult(input: ResultInput): ResultFile {
  const { spec } = input
  return {
    schema_version: 1,
    tool: input.tool,
    spec: {
      model: spec.model,
      system: spec.system,
      prompt: spec.prompt,
      temperature: spec.temperature,
      max_tokens: spec.maxTokens,
    },
    headers: input.headers,
    dataset: input.dataset,
    run: { ...input.run, seed: input.plan.seed, order: 'sequential', partial: input.partial },
    runs: input.summaries.map((summary, index) => runOf(input, summary, index)),
    overhead: input.overheads.map(({ baseline, candidate, concurrency, rows }) => ({
      baseline,
      candidate,
      concurrency,
      delta: present(rows.map(({ metric, delta }) => [metric, delta])),
    })),
    warnings: input.warnings.map(({ code, message, advice }) => ({ code, message, advice })),
  }
}

function runOf(input: ResultInput, summary: Summary, index: number): ResultFile['runs'][number] {
  const measurement = input.measurements[index]
  const latencies = input.latencies[index] ?? new Float64Array()
  return {
    endpoint: summary.endpoint,
    url: summary.url,
    concurrency: summary.concurrency,
    requests: summary.requests,
    ok: summary.ok,
    errors: summary.errors,
    duration_s: round(summary.durationMs / 1000, 6),
    ok_rps: round(summary.metrics.ok_rps.value ?? 0, 6),
    latencies_ms_ok: Array.from(latencies, (ms) => round(ms, 3)),
    statuses: { ...summary.statuses },
    errors_sample: (measurement?.errorExamples ?? []).map(({ outcome, status, message }) =>
      [outcome, status, message].filter(Boolean).join(' '),
    ),
    outcomes: { ...summary.outcomes },
    planned: measurement?.planned ?? summary.requests,
    partial: summary.partial,
    metrics: present(Object.entries(summary.metrics) as [MetricName, Estimate][]),
  }
}

/** The metrics that have a value: absent is absent, never 0. */
function present(entries: readonly (readonly [MetricName, Estimate])[]): Record<string, number> {
  return Object.fromEntries(
    entries.flatMap(([name, { value }]) => (value === undefined ? [] : [[name, round(value, 6)]])),
  )
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}
