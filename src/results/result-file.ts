import type { Level } from '../model/level.ts'
import type { BudgetVerdict, Slo } from '../model/budget.ts'
import type { HopBreakdown, Result, SelfReport, ServerUsage } from '../model/result.ts'
import type { RunRecord } from '../model/run-record.ts'
import type { Overhead, Summary } from '../model/summary.ts'
import { blocksJson } from './blocks-json.ts'
import { pairedJson, pairJson, present, round, rowsJson } from './comparison-json.ts'
import { type ResultFile, SCHEMA_VERSION } from './result-schema.ts'
import { streamsJson } from './stream-json.ts'

/**
 * The result file's object, its latencies rounded to a microsecond. `latencies` holds the ok latencies of each
 * measurement in ms.
 */
export function buildResult(
  record: RunRecord,
  result: Result,
  latencies: readonly Float64Array[],
): ResultFile {
  const { spec, plan } = record
  return {
    schema_version: SCHEMA_VERSION,
    tool: record.tool,
    spec: {
      model: spec.model,
      system: spec.system,
      prompt: spec.prompt,
      temperature: spec.temperature,
      max_tokens: spec.maxTokens,
      ...(spec.stream ? { stream: true } : {}),
      ...(spec.ignoreEos ? { ignore_eos: true } : {}),
      ...(spec.outputTokens === undefined ? {} : { output_tokens: spec.outputTokens }),
      ...(spec.inputTokens === undefined ? {} : { input_tokens: spec.inputTokens }),
    },
    headers: { has_token: record.hasToken, agent_id: record.agentId ?? null },
    dataset: datasetOf(record),
    run: {
      started_at: record.startedAt,
      node: record.node,
      platform: record.platform,
      client: record.client,
      client_workers: record.clientWorkers ?? 1,
      keep_alive: record.settings.keepAlive,
      primary_metric: record.settings.primaryMetric,
      ...sloOf(record.settings.slo),
      seed: plan.seed,
      order: plan.order,
      partial: record.partial,
      ...requestOf(record),
    },
    runs: result.summaries.map((summary, index) =>
      runOf(record, summary, { index, latencies: latencies[index] ?? new Float64Array() }),
    ),
    overhead: result.overheads.map((overhead) => overheadOf(overhead)),
    significance: result.significance.map(({ candidate, level, metric, p, adjusted }) => ({
      candidate,
      ...levelOf(level),
      metric,
      ...optional('p', p.value),
      ...optional('p_holm', adjusted.value),
    })),
    self_reports: result.selfReports.map((one) => selfReportOf(one)),
    hops: result.hops.map((one) => hopsOf(one)),
    servers: result.servers.map((one) => serverOf(one)),
    budgets: result.budgets.map((one) => budgetOf(one)),
    ...(result.streams === undefined ? {} : { streams: streamsJson(result.streams) }),
    warnings: [...record.incidents, ...result.warnings].map(({ code, message, advice }) => ({
      code,
      message,
      advice,
    })),
  }
}

function hopsOf(one: HopBreakdown): ResultFile['hops'][number] {
  return {
    endpoint: one.endpoint,
    ...levelOf(one.level),
    answers: one.answers,
    looked_at: one.lookedAt,
    e2e_ms: round(one.e2eMs, 6),
    parts: one.parts.map(({ name, meanMs }) => ({ name, mean_ms: round(meanMs, 6) })),
  }
}

function serverOf(one: ServerUsage): ResultFile['servers'][number] {
  return {
    name: one.name,
    ...levelOf(one.level),
    wall_ms: round(one.wallMs, 3),
    cpu_ms: one.cpuMs,
    peak_rss_bytes: one.peakRssBytes,
    requests: one.requests,
    ...(one.requestsOf === undefined ? {} : { requests_of: one.requestsOf }),
  }
}

function requestOf({ request }: RunRecord) {
  if (request === undefined) return {}
  const { promptsHash, bodyFields, bodyHash } = request
  return {
    prompts_hash: promptsHash,
    body_fields: [...bodyFields],
    ...(bodyHash === undefined ? {} : { body_hash: bodyHash }),
  }
}

function selfReportOf(one: SelfReport): ResultFile['self_reports'][number] {
  return {
    candidate: one.candidate,
    ...levelOf(one.level),
    source: one.source,
    told_ms: round(one.toldMs, 6),
    presence: round(one.presence, 6),
    ...optional('observed_ms', one.observedMs.value),
    equals_total: one.equalsTotal,
  }
}

function budgetOf(verdict: BudgetVerdict): ResultFile['budgets'][number] {
  const { budget, endpoint, level, state, limit, value, interval, reason } = verdict
  return {
    budget,
    endpoint,
    ...levelOf(level),
    state,
    limit,
    ...optional('value', value),
    ...(interval === undefined ? {} : { interval: pairJson(interval) }),
    ...(reason === undefined ? {} : { reason }),
  }
}

function sloOf(slo: Slo | undefined) {
  if (slo === undefined) return {}
  return {
    slo: {
      ...optional('e2e_ms', slo.e2eMs),
      ...optional('ttft_ms', slo.ttftMs),
      ...optional('tpot_ms', slo.tpotMs),
    },
  }
}

function datasetOf({ dataset }: RunRecord): ResultFile['dataset'] {
  if (dataset === undefined) return null
  const { file, suite, label, limit, selected } = dataset
  return {
    file,
    suite,
    label,
    category_contains: [...dataset.categoryContains],
    subcategory_contains: [...dataset.subcategoryContains],
    limit,
    shuffle_seed: dataset.shuffleSeed,
    selected,
    ...optional('skipped_invalid', dataset.skippedInvalid),
    ...optional('duplicates_removed', dataset.duplicatesRemoved),
  }
}

function runOf(
  record: RunRecord,
  summary: Summary,
  { index, latencies }: { readonly index: number; readonly latencies: Float64Array },
): ResultFile['runs'][number] {
  const measurement = record.measurements[index]
  const { openLoop, goodput } = summary
  return {
    endpoint: summary.endpoint,
    url: summary.url,
    ...levelOf(summary.level),
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
    rounds: measurement?.rounds ?? 1,
    partial: summary.partial,
    metrics: present(Object.entries(summary.metrics)),
    ...(summary.blocks === undefined ? {} : blocksJson(summary.blocks)),
    ...(goodput === undefined ? {} : optional('goodput_rps', goodput.value)),
    ...(openLoop === undefined
      ? {}
      : {
          open_loop: {
            service_ms: present(Object.entries(openLoop.service)),
            lag_ms: present(Object.entries(openLoop.lag)),
            held_back: openLoop.heldBack,
          },
        }),
  }
}

function overheadOf(overhead: Overhead): ResultFile['overhead'][number] {
  const { baseline, candidate, level, rounds, control, rows } = overhead
  return {
    baseline,
    candidate,
    ...levelOf(level),
    rounds,
    control,
    baseline_values: present(rows.map((row) => [row.metric, row.baseline])),
    candidate_values: present(rows.map((row) => [row.metric, row.candidate])),
    ...rowsJson(rows),
    paired: pairedJson(overhead.paired),
    pairs_left_out: overhead.pairsLeftOut,
    pairs_blocked: overhead.pairsBlocked,
  }
}

function levelOf({ concurrency, rate }: Level) {
  return { concurrency, ...optional('rate', rate) }
}

function optional<const K extends string>(key: K, value: number | undefined) {
  return (value === undefined ? {} : { [key]: round(value, 6) }) as { [key in K]?: number }
}
