import { Gauge, Registry } from 'prom-client'
import type { Level } from '../model/level.ts'
import type { Overhead, Summary } from '../model/summary.ts'
import { printable } from '../report/printable.ts'
import type { RenderRun } from './run-format.ts'
import type { SavedRun } from './saved-run.ts'

const LEVEL = ['concurrency', 'rate'] as const

/**
 * Text exposition format 0.0.4, all gauges, in base units (seconds, shares of 1). A number that was not measured has no
 * line: 0 and NaN would both be read as one.
 */
export const render: RenderRun = async (run) => {
  const registry = new Registry()
  addRun(registry, run)
  addSummaries(registry, run.result.summaries)
  addOverheads(registry, run.result.overheads)
  addBudgets(registry, run)
  return await registry.metrics()
}

function gauge<const T extends string>(
  registry: Registry,
  name: string,
  help: string,
  labelNames: readonly T[],
): Gauge<T> {
  return new Gauge({ name: `llmtrace_bench_${name}`, help, labelNames, registers: [registry] })
}

function addRun(registry: Registry, { facts }: SavedRun): void {
  const labels = ['model', 'version', 'partial'] as const
  gauge(registry, 'run_info', 'What was run.', labels).set(
    {
      model: printable(facts.spec.model ?? ''),
      version: facts.toolVersion ?? '',
      partial: String(facts.partial),
    },
    1,
  )
  const startedAt = Date.parse(facts.startedAt ?? '')
  const started = gauge(registry, 'started_timestamp_seconds', 'Unix time of the start.', [])
  if (!Number.isNaN(startedAt)) started.set(startedAt / 1000)
}

function addSummaries(registry: Registry, summaries: readonly Summary[]): void {
  const own = ['endpoint', ...LEVEL] as const
  const requests = gauge(registry, 'requests', 'Requests by how they ended.', [...own, 'outcome'])
  const okRps = gauge(
    registry,
    'ok_requests_per_second',
    'Requests answered with 2xx a second.',
    own,
  )
  const errorRatio = gauge(registry, 'error_ratio', 'Share of requests that were not ok.', own)
  const latency = gauge(registry, 'latency_seconds', 'E2E latency of ok requests.', [
    ...own,
    'statistic',
  ])
  for (const { endpoint, level, outcomes, metrics } of summaries) {
    const labels = { endpoint, ...levelLabels(level) }
    for (const [outcome, count] of Object.entries(outcomes))
      requests.set({ ...labels, outcome }, count)
    setKnown(okRps, labels, metrics.ok_rps.value)
    setKnown(errorRatio, labels, metrics.err_rate.value)
    for (const statistic of ['mean', 'p50', 'p95', 'p99', 'max'] as const) {
      setKnown(latency, { ...labels, statistic }, seconds(metrics[statistic].value))
    }
  }
}

function addOverheads(registry: Registry, overheads: readonly Overhead[]): void {
  const labels = ['endpoint', 'baseline', ...LEVEL, 'statistic'] as const
  const delta = gauge(
    registry,
    'overhead_seconds',
    'Latency of an endpoint minus that of its baseline.',
    labels,
  )
  const bounds = gauge(
    registry,
    'overhead_bound_seconds',
    'Bounds of the 95 % interval of the overhead.',
    [...labels, 'bound'],
  )
  for (const { candidate, baseline, level, rows } of overheads) {
    for (const { metric, unit, delta: point, interval } of rows) {
      if (unit !== 'ms') continue
      const own = { endpoint: candidate, baseline, ...levelLabels(level), statistic: metric }
      setKnown(delta, own, seconds(point.value))
      setKnown(bounds, { ...own, bound: 'low' }, seconds(interval.value?.low))
      setKnown(bounds, { ...own, bound: 'high' }, seconds(interval.value?.high))
    }
  }
}

function addBudgets(registry: Registry, { result }: SavedRun): void {
  const states = gauge(
    registry,
    'budget_state',
    'Each budget in each state: 1 where it is in it.',
    ['budget', 'endpoint', ...LEVEL, 'state'],
  )
  for (const { budget, endpoint, level, state } of result.budgets) {
    for (const one of ['PASS', 'FAIL', 'INCONCLUSIVE'] as const) {
      const labels = { budget, endpoint, ...levelLabels(level), state: one.toLowerCase() }
      states.set(labels, state === one ? 1 : 0)
    }
  }
}

/** Empty is as good as absent to Prometheus. */
function levelLabels({ concurrency, rate }: Level) {
  return { concurrency: String(concurrency), rate: rate === undefined ? '' : String(rate) }
}

function setKnown<T extends string>(
  target: Gauge<T>,
  labels: Partial<Record<T, string>>,
  value: number | undefined,
): void {
  if (value !== undefined) target.set(labels, value)
}

function seconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : Number((ms / 1000).toFixed(9))
}
