import { BUDGET_METRICS, type BudgetMetric, type Slo } from '../model/budget.ts'
import type { Failures, PageHead } from '../model/page.ts'
import { ORDERS } from '../model/plan.ts'
import type { Result, SelfReport, Significance } from '../model/result.ts'
import type { OpenLoopFigures, Summary } from '../model/summary.ts'
import { levelOf, readResult } from './read-result-file.ts'
import { estimate, type Json, list, number, record } from './result-values.ts'

/** A result file as a page is made of it. It holds latencies, but not when they were. */
export interface StoredRun {
  readonly head: PageHead
  readonly result: Result
  readonly failures: readonly Failures[]
  readonly primaryMetric: BudgetMetric
  readonly slo: Slo | undefined
}

/** All of a result file that a page shows, of what `parseResultFile` gave. */
export function readStoredRun(file: Json): StoredRun {
  const base = readResult(file)
  const runs = list(file['runs'])
  const result: Result = {
    ...base,
    summaries: base.summaries.map((summary, index) => wholeSummary(summary, runs[index] ?? {})),
    selfReports: list(file['self_reports']).map((one) => selfReportOf(one)),
    significance: list(file['significance']).map((one) => significanceOf(one)),
  }
  const { primary_metric: primary, slo } = record(file['run'])
  return {
    head: headOf(file, runs, result),
    result,
    failures: runs.flatMap((run, index) => failuresOf(run, result.summaries[index])),
    primaryMetric: BUDGET_METRICS.find((metric) => metric === primary) ?? 'p95',
    slo: slo === undefined ? undefined : sloOf(record(slo)),
  }
}

function sloOf(slo: Json): Slo {
  return {
    e2eMs: number(slo['e2e_ms']),
    ttftMs: number(slo['ttft_ms']),
    tpotMs: number(slo['tpot_ms']),
  }
}

function headOf(file: Json, runs: readonly Json[], { summaries, overheads }: Result): PageHead {
  const spec = record(file['spec'])
  const headers = record(file['headers'])
  const run = record(file['run'])
  const tool = record(file['tool'])
  const baseline = overheads[0]?.baseline ?? summaries[0]?.endpoint
  const controls = overheads.filter(({ control }) => control).map(({ candidate }) => candidate)
  const names = [...new Set(summaries.map(({ endpoint }) => endpoint))]
  const order = ORDERS.find((one) => one === run['order'])
  const planned = number(runs[0]?.['planned'])
  const client = run['client']
  return {
    tool: { name: String(tool['name']), version: String(tool['version']) },
    startedAt: typeof run['started_at'] === 'string' ? run['started_at'] : 'an unknown time',
    endpoints: names.map((name) => ({
      name,
      url: summaries.find(({ endpoint }) => endpoint === name)?.url ?? '',
      baseline: name === baseline,
      ...(controls.includes(name) ? { control: true } : {}),
    })),
    spec: {
      model: String(spec['model']),
      ...text('prompt', spec['prompt']),
      ...text('system', spec['system']),
      ...(typeof spec['temperature'] === 'number' ? { temperature: spec['temperature'] } : {}),
      ...(typeof spec['max_tokens'] === 'number' ? { maxTokens: spec['max_tokens'] } : {}),
    },
    hasToken: typeof headers['has_token'] === 'boolean' ? headers['has_token'] : undefined,
    agentId: typeof headers['agent_id'] === 'string' ? headers['agent_id'] : undefined,
    partial: run['partial'] === true,
    plan: {
      ...(order === undefined ? {} : { order }),
      ...(planned === undefined ? {} : { requests: planned }),
      ...(typeof run['seed'] === 'number' ? { seed: run['seed'] } : {}),
    },
    machine: {
      ...text('node', run['node']),
      ...text('platform', run['platform']),
      ...(client === 'lean' || client === 'undici' ? { client } : {}),
      clientWorkers: number(run['client_workers']),
    },
    keepAlive: typeof run['keep_alive'] === 'boolean' ? run['keep_alive'] : undefined,
  }
}

function text<const K extends string>(key: K, value: unknown) {
  return (typeof value === 'string' ? { [key]: value } : {}) as { [key in K]?: string }
}

function wholeSummary(summary: Summary, run: Json): Summary {
  const goodput = number(run['goodput_rps'])
  const openLoop = record(run['open_loop'])
  return {
    ...summary,
    ...(goodput === undefined ? {} : { goodput: estimate(goodput) }),
    ...(run['open_loop'] === undefined ? {} : { openLoop: openLoopOf(openLoop) }),
  }
}

function openLoopOf(openLoop: Json): OpenLoopFigures {
  const service = record(openLoop['service_ms'])
  const lag = record(openLoop['lag_ms'])
  return {
    service: {
      p50: estimate(service['p50']),
      p95: estimate(service['p95']),
      p99: estimate(service['p99']),
    },
    lag: { p50: estimate(lag['p50']), p99: estimate(lag['p99']) },
    heldBack: number(openLoop['held_back']) ?? 0,
  }
}

function selfReportOf(one: Json): SelfReport {
  return {
    candidate: String(one['candidate']),
    level: levelOf(one),
    source: String(one['source']),
    toldMs: number(one['told_ms']) ?? 0,
    presence: number(one['presence']) ?? 0,
    observedMs: estimate(one['observed_ms']),
    equalsTotal: one['equals_total'] === true,
  }
}

function significanceOf(one: Json): Significance {
  return {
    candidate: String(one['candidate']),
    level: levelOf(one),
    metric: BUDGET_METRICS.find((metric) => metric === one['metric']) ?? 'p95',
    p: estimate(one['p']),
    adjusted: estimate(one['p_holm']),
  }
}

function failuresOf(run: Json, summary: Summary | undefined): Failures[] {
  if (summary === undefined) return []
  const { endpoint, level, requests, outcomes } = summary
  const known = Object.entries(outcomes).filter(([kind]) => kind !== 'ok')
  const examples = Array.isArray(run['errors_sample']) ? (run['errors_sample'] as unknown[]) : []
  if (known.length === 0 && examples.length === 0) return []
  return [
    {
      endpoint,
      level,
      requests,
      outcomes,
      examples: examples.map((message) => ({ message: String(message) })),
    },
  ]
}
