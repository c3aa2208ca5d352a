import type { Gauge, GaugePoint } from '../model/gauge.ts'
import type { Level } from '../model/level.ts'
import type { MetricName, Overhead, Summary } from '../model/summary.ts'
import { printable } from '../report/printable.ts'
import type { SavedRun } from './saved-run.ts'

const LEVEL = ['concurrency', 'rate']
const OWN = ['endpoint', ...LEVEL]
const OVERHEAD = ['endpoint', 'baseline', ...LEVEL, 'statistic']

/** A run as gauges, in base units: seconds, and shares of 1. */
export function gaugesOf(run: SavedRun): Gauge[] {
  const { summaries, overheads } = run.result
  return [
    runInfo(run),
    started(run),
    ...endpointGauges(summaries),
    ...overheadGauges(overheads),
    budgetState(run),
  ]
}

function runInfo({ facts }: SavedRun): Gauge {
  const labels = {
    model: printable(facts.spec.model ?? ''),
    version: facts.toolVersion ?? '',
    partial: String(facts.partial),
  }
  return {
    name: 'run_info',
    unit: 'none',
    help: 'What was run.',
    labels: Object.keys(labels),
    points: [{ labels, value: 1 }],
  }
}

function started({ facts }: SavedRun): Gauge {
  const startedAt = Date.parse(facts.startedAt ?? '')
  return {
    name: 'started_timestamp',
    unit: 'seconds',
    help: 'Unix time of the start.',
    labels: [],
    points: pointOf({}, Number.isNaN(startedAt) ? undefined : startedAt / 1000),
  }
}

function endpointGauges(summaries: readonly Summary[]): Gauge[] {
  const ofMetric = (metric: MetricName) =>
    summaries.flatMap(({ endpoint, level, metrics }) =>
      pointOf({ endpoint, ...levelLabels(level) }, rounded(metrics[metric].value, 6)),
    )
  const requests = summaries.flatMap(({ endpoint, level, outcomes }) =>
    Object.entries(outcomes).flatMap(([outcome, count]) =>
      pointOf({ endpoint, ...levelLabels(level), outcome }, count),
    ),
  )
  const latencies = summaries.flatMap(({ endpoint, level, metrics }) =>
    (['mean', 'p50', 'p95', 'p99', 'max'] as const).flatMap((statistic) =>
      pointOf({ endpoint, ...levelLabels(level), statistic }, seconds(metrics[statistic].value)),
    ),
  )
  return [
    {
      name: 'requests',
      unit: 'none',
      help: 'Requests by how they ended.',
      labels: [...OWN, 'outcome'],
      points: requests,
    },
    {
      name: 'ok_requests',
      unit: 'per second',
      help: 'Requests answered with 2xx a second.',
      labels: OWN,
      points: ofMetric('ok_rps'),
    },
    {
      name: 'error',
      unit: 'ratio',
      help: 'Share of requests that were not ok.',
      labels: OWN,
      points: ofMetric('err_rate'),
    },
    {
      name: 'latency',
      unit: 'seconds',
      help: 'E2E latency of ok requests.',
      labels: [...OWN, 'statistic'],
      points: latencies,
    },
  ]
}

function overheadGauges(overheads: readonly Overhead[]): Gauge[] {
  const rows = overheads.flatMap(({ candidate, baseline, level, rows: all }) =>
    all
      .filter(({ unit }) => unit === 'ms')
      .map((row) => ({
        row,
        labels: { endpoint: candidate, baseline, ...levelLabels(level), statistic: row.metric },
      })),
  )
  return [
    {
      name: 'overhead',
      unit: 'seconds',
      help: 'Latency of an endpoint minus that of its baseline.',
      labels: OVERHEAD,
      points: rows.flatMap(({ row, labels }) => pointOf(labels, seconds(row.delta.value))),
    },
    {
      name: 'overhead_bound',
      unit: 'seconds',
      help: 'Bounds of the 95 % interval of the overhead.',
      labels: [...OVERHEAD, 'bound'],
      points: rows.flatMap(({ row, labels }) => [
        ...pointOf({ ...labels, bound: 'low' }, seconds(row.interval.value?.low)),
        ...pointOf({ ...labels, bound: 'high' }, seconds(row.interval.value?.high)),
      ]),
    },
  ]
}

function budgetState({ result }: SavedRun): Gauge {
  const states = ['PASS', 'FAIL', 'INCONCLUSIVE'] as const
  return {
    name: 'budget_state',
    unit: 'none',
    help: 'Each budget in each state: 1 where it is in it.',
    labels: ['budget', ...OWN, 'state'],
    points: result.budgets.flatMap(({ budget, endpoint, level, state }) =>
      states.map((one) => ({
        labels: { budget, endpoint, ...levelLabels(level), state: one.toLowerCase() },
        value: state === one ? 1 : 0,
      })),
    ),
  }
}

function levelLabels({ concurrency, rate }: Level) {
  return { concurrency: String(concurrency), rate: rate === undefined ? '' : String(rate) }
}

function pointOf(labels: GaugePoint['labels'], value: number | undefined): GaugePoint[] {
  return value === undefined ? [] : [{ labels, value }]
}

function seconds(ms: number | undefined): number | undefined {
  return rounded(ms === undefined ? undefined : ms / 1000, 9)
}

function rounded(value: number | undefined, digits: number): number | undefined {
  return value === undefined ? undefined : Number(value.toFixed(digits))
}
