import { answerDetails, spreadOf } from '../analysis/answer-details.ts'
import { mostInFlight } from '../analysis/most-in-flight.ts'
import type { Measurement } from '../model/measurement.ts'
import type { RunRecord } from '../model/run-record.ts'
import type { Summary } from '../model/summary.ts'
import type { RenderRun } from './run-format.ts'
import { runOf } from './sample-rows.ts'

/**
 * The keys that vLLM's `bench serve` writes, an object for each endpoint and level: one alone where there is one, else a
 * list. docs/streaming.md compares field by field. What was not measured has no key.
 */
export const render: RenderRun = (run) => {
  const record = runOf(run)
  const objects = record.measurements.map((measurement, index) =>
    objectOf(record, measurement, run.result.summaries[index]),
  )
  const value = objects.length === 1 ? objects[0] : objects
  return `${JSON.stringify(value, undefined, 1)}\n`
}

function objectOf(record: RunRecord, measurement: Measurement, summary: Summary | undefined) {
  const { plan, spec, startedAt } = record
  const { endpoint, level, planned } = measurement
  const seconds = (summary?.durationMs ?? 0) / 1000
  const answers = answerDetails(measurement)
  const perSecond = (count: number | undefined) =>
    count === undefined || seconds <= 0 ? undefined : count / seconds
  const { inputTokens, outputTokens } = answers
  const allTokens =
    inputTokens === undefined || outputTokens === undefined ? undefined : inputTokens + outputTokens
  return {
    date: startedAt
      .replace(/\.\d+Z$/, '')
      .replaceAll(/[-:]/g, '')
      .replace('T', '-'),
    endpoint_type: 'openai-chat',
    backend: 'openai-chat',
    label: endpoint,
    model_id: spec.model,
    num_prompts: planned,
    request_rate: level.rate ?? 'inf',
    ...(level.rate !== undefined && plan.arrival === 'poisson' ? { burstiness: 1 } : {}),
    max_concurrency: level.concurrency,
    duration: seconds,
    completed: summary?.ok ?? 0,
    failed: summary?.errors ?? 0,
    total_input_tokens: inputTokens,
    total_output_tokens: outputTokens,
    request_throughput: summary?.metrics.ok_rps.value,
    request_goodput: summary?.goodput?.value,
    output_throughput: perSecond(outputTokens),
    total_token_throughput: perSecond(allTokens),
    max_concurrent_requests: mostInFlight(measurement),
    ...statistics(
      'ttft',
      answers.ttfts.filter((ms) => ms !== null),
    ),
    ...statistics('tpot', answers.tpots),
    ...statistics('itl', answers.itls.flat()),
    ...statistics('e2el', answers.latencies),
    input_lens: answers.inputLens,
    output_lens: answers.outputLens,
    ttfts: answers.ttfts.map((ms) => (ms === null ? null : inSeconds(ms))),
    itls: answers.itls.map((gaps) => gaps.map((ms) => inSeconds(ms))),
    latencies: answers.latencies.map((ms) => inSeconds(ms)),
    errors: measurement.errorExamples.map(({ outcome, status, message }) =>
      [outcome, status, message].filter(Boolean).join(' '),
    ),
  }
}

/** In ms, as vLLM has them: of however few values. Nothing of none. */
function statistics(name: string, values: readonly number[]): Record<string, number> {
  const spread = spreadOf(values)
  if (spread === undefined) return {}
  return {
    [`mean_${name}_ms`]: spread.mean,
    [`median_${name}_ms`]: spread.median,
    [`std_${name}_ms`]: spread.deviation,
    [`p90_${name}_ms`]: spread.p90,
    [`p95_${name}_ms`]: spread.p95,
    [`p99_${name}_ms`]: spread.p99,
  }
}

function inSeconds(ms: number): number {
  return Number((ms / 1000).toFixed(9))
}
