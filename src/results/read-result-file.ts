import type { BudgetVerdict } from '../model/budget.ts'
import { type Estimate, measured, unmeasured } from '../model/estimate.ts'
import type { Level } from '../model/level.ts'
import type { Result } from '../model/result.ts'
import type {
  ComparedMetric,
  Interval,
  MetricName,
  Overhead,
  OverheadRow,
  Summary,
} from '../model/summary.ts'
import { UsageError } from '../model/usage-error.ts'
import type { Warning } from '../model/warning.ts'
import { readBlocks } from './blocks-json.ts'
import { SCHEMA_VERSION } from './result-schema.ts'
import { estimate, type Json, list, number, record } from './result-values.ts'

const STATES = ['PASS', 'FAIL', 'INCONCLUSIVE'] as const

const METRICS: readonly MetricName[] = ['ok_rps', 'mean', 'p50', 'p95', 'p99', 'max', 'err_rate']

const COMPARED: readonly (readonly [ComparedMetric, OverheadRow['unit']])[] = [
  ['ok_rps', 'rps'],
  ['mean', 'ms'],
  ['p50', 'ms'],
  ['p95', 'ms'],
  ['p99', 'ms'],
  ['err_rate', 'ratio'],
]

/**
 * Reads the file of `--output-json`, of this version or an older one, back into what its tables are printed from.
 * Throws UsageError, naming `path`, for anything else.
 */
export function readResultFile(path: string, text: string): Result {
  return readResult(parseResultFile(path, text))
}

/** As `readResultFile`, of what `parseResultFile` gave. */
export function readResult(file: Json): Result {
  const runs = list(file['runs'])
  const summaries = runs.map((run) => summaryOf(run))
  return {
    summaries,
    overheads: list(file['overhead']).map((one) => overheadOf(one, summaries)),
    significance: [],
    selfReports: [],
    hops: [],
    servers: [],
    budgets: list(file['budgets']).map((one) => budgetOf(one)),
    warnings: list(file['warnings']) as unknown as Warning[],
  }
}

/** What a result file keeps of an endpoint at a level besides its numbers. */
export interface KeptLatencies {
  /** ms, of ok requests, in the order in which they ended. */
  readonly latencies: Float64Array
  readonly rounds: number
}

/** In the order of the summaries. */
export function readKeptLatencies(file: Json): KeptLatencies[] {
  return list(file['runs']).map((run) => {
    const kept = run['latencies_ms_ok']
    const latencies = Array.isArray(kept) ? kept.filter((one) => typeof one === 'number') : []
    return { latencies: Float64Array.from(latencies), rounds: number(run['rounds']) ?? 1 }
  })
}

/** The object in a result file of any version that this program knows. Throws UsageError, naming `path`. */
export function parseResultFile(path: string, text: string): Json {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new UsageError(
      `${path} is neither a run file nor JSON; give a file of --run-file or --output-json`,
    )
  }
  const file = record(value)
  const version = file['schema_version'] ?? 1
  if (!Array.isArray(file['runs'])) {
    throw new UsageError(`${path} holds no runs; give a file of --run-file or --output-json`)
  }
  if (typeof version !== 'number' || version > SCHEMA_VERSION) {
    throw new UsageError(
      `${path} is of schema version ${JSON.stringify(version)}, and this program reads up to ${SCHEMA_VERSION}; use a newer llmtrace-bench`,
    )
  }
  return file
}

function summaryOf(run: Json): Summary {
  const metrics = record(run['metrics'])
  const errors = number(run['errors']) ?? 0
  const requests = number(run['requests']) ?? 0
  return {
    endpoint: String(run['endpoint']),
    url: String(run['url']),
    level: levelOf(run),
    requests,
    ok: number(run['ok']) ?? 0,
    errors,
    durationMs: (number(run['duration_s']) ?? 0) * 1000,
    metrics: Object.fromEntries(
      METRICS.map((name) => [name, estimate(metrics[name])]),
    ) as unknown as Summary['metrics'],
    statuses: record(run['statuses']) as Summary['statuses'],
    outcomes: record(run['outcomes']),
    freshConnections: 0,
    ...readBlocks(run),
    partial: run['partial'] === true,
  }
}

function overheadOf(one: Json, summaries: readonly Summary[]): Overhead {
  const level = levelOf(one)
  const baseline = String(one['baseline'])
  const candidate = String(one['candidate'])
  const sideOf = (name: string) =>
    summaries.find(
      (summary) =>
        summary.endpoint === name &&
        summary.level.concurrency === level.concurrency &&
        summary.level.rate === level.rate,
    )
  const rows = COMPARED.map(([metric, unit]) => {
    const row = rowOf(one, metric)
    // A percentile of too few samples is in the run's own metrics, and was not compared.
    const short = row.delta.reason?.startsWith('needs ') ? row.delta : undefined
    const sideValue = (name: string, key: string) => {
      const compared = number(record(one[key])[metric])
      if (compared !== undefined) return measured(compared)
      return short ?? sideOf(name)?.metrics[metric] ?? unmeasured('not in the file')
    }
    return {
      metric,
      unit,
      baseline: sideValue(baseline, 'baseline_values'),
      candidate: sideValue(candidate, 'candidate_values'),
      ...row,
    }
  })
  const paired = record(one['paired'])
  return {
    baseline,
    candidate,
    level,
    rounds: number(one['rounds']) ?? 1,
    control: one['control'] === true,
    rows,
    paired: {
      pairs: number(paired['pairs']) ?? 0,
      typical: estimate(paired['typical']),
      interval: interval(paired['interval'], 'not in the file'),
      p50: estimate(paired['p50']),
      p95: estimate(paired['p95']),
      p99: estimate(paired['p99']),
    },
    pairsLeftOut: number(one['pairs_left_out']) ?? 0,
    pairsBlocked: number(one['pairs_blocked']) ?? 0,
  }
}

function budgetOf(one: Json): BudgetVerdict {
  const budget = String(one['budget'])
  const state = STATES.find((known) => known === one['state']) ?? 'INCONCLUSIVE'
  return {
    budget,
    endpoint: String(one['endpoint']),
    level: levelOf(one),
    state,
    // The file has the budget as the flag gave it, and the unit follows from that.
    unit: budget.startsWith('--min-ok-rps') ? 'rps' : budget.endsWith('%') ? 'ratio' : 'ms',
    limit: number(one['limit']) ?? 0,
    value: number(one['value']),
    interval: interval(one['interval'], '').value,
    reason: typeof one['reason'] === 'string' ? one['reason'] : undefined,
  }
}

/** A row of a comparison, from an object with a key a column. */
export function rowOf(one: Json, metric: string) {
  const told = record(one['absent'])[metric]
  const reason = typeof told === 'string' ? told : 'the file is of a version without intervals'
  const at = (key: string): Estimate => {
    const value = number(record(one[key])[metric])
    return value === undefined ? unmeasured(reason) : measured(value)
  }
  return {
    delta: at('delta'),
    interval: interval(record(one['interval'])[metric], reason),
    ratio: at('ratio'),
    ratioInterval: interval(record(one['ratio_interval'])[metric], reason),
    detectable: at('detectable'),
    pValue: at('p'),
  }
}

export function levelOf(one: Json): Level {
  const rate = number(one['rate'])
  const concurrency = number(one['concurrency']) ?? 1
  return rate === undefined ? { concurrency } : { concurrency, rate }
}

function interval(value: unknown, reason: string): Estimate<Interval> {
  const [low, high] = Array.isArray(value) ? (value as unknown[]) : []
  if (typeof low !== 'number' || typeof high !== 'number') return unmeasured(reason)
  return measured({ low, high, method: 'jackknife' })
}
