import type { Endpoint } from '../model/endpoint.ts'
import type { Level } from '../model/level.ts'
import type { Plan, RequestSpec } from '../model/plan.ts'
import type { AnalysisSettings } from '../model/run-record.ts'
import { namedEndpoints } from '../options/named-endpoints.ts'
import type { RunOptions } from '../options/run-options.ts'
import { countSpec } from '../options/stream-kinds.ts'
import { chooseRounds } from '../schedule/rounds.ts'

/** Rounds that a run ending on precision may take. */
const MOST_ROUNDS = 30

export function specOf(options: RunOptions): RequestSpec {
  const { system, prompt, temperature, maxTokens, stream, ignoreEos } = options
  const { outputTokens, inputTokens } = options
  const streaming = {
    ...(stream ? { stream } : {}),
    ...(ignoreEos ? { ignoreEos } : {}),
    ...(outputTokens === undefined ? {} : { outputTokens: countSpec.print(outputTokens) }),
    ...(inputTokens === undefined ? {} : { inputTokens: countSpec.print(inputTokens) }),
  }
  return { model: options.model ?? '', system, prompt, temperature, maxTokens, ...streaming }
}

export function planOf(options: RunOptions, promptCount: number): Plan {
  return {
    endpoints: endpointsOf(options),
    levels: levelsOf(options),
    requests: options.requests,
    promptCount,
    order: options.order,
    rounds: roundsOf(options),
    arrival: options.arrival,
    jitterMs: options.jitterMs,
    seed: options.seed,
    warmupRequests: options.warmupRequests,
  }
}

function endpointsOf(options: RunOptions): Endpoint[] {
  const endpoints = namedEndpoints(options).map(({ name, url, baseline }) => ({
    name,
    url,
    baseline,
  }))
  const baseline = endpoints.find((endpoint) => endpoint.baseline)
  if (!options.noiseFloor || baseline === undefined) return endpoints
  const control = {
    name: `${baseline.name}-again`,
    url: baseline.url,
    baseline: false,
    control: true,
  }
  return [...endpoints, control]
}

function levelsOf({
  rate,
  rateList,
  concurrency,
  concurrencyList,
  maxInFlight,
}: RunOptions): Level[] {
  const rates = rate === undefined ? rateList : [rate]
  if (rates !== undefined) return rates.map((one) => ({ concurrency: maxInFlight, rate: one }))
  return (concurrencyList ?? [concurrency]).map((one) => ({ concurrency: one }))
}

/** A precision stop looks after each round, so it takes as many as fit. */
function roundsOf(options: RunOptions): number | undefined {
  if (options.untilHalfWidth === undefined || options.rounds !== undefined) return options.rounds
  const levels = levelsOf(options)
  return Math.min(...levels.map((level) => chooseRounds(options.requests, level, MOST_ROUNDS)))
}

export function settingsOf(options: RunOptions): AnalysisSettings {
  const { slo, maxOverhead, maxErrorRate, minOkRps, primaryMetric, pValues } = options
  return {
    slo,
    budgets: { maxOverhead, maxErrorRate, minOkRps },
    primaryMetric,
    pValues,
    untilHalfWidthMs: options.untilHalfWidth,
    keepAlive: !options.noKeepalive,
    selfWarmup: !options.noSelfWarmup,
    ...(options.cancelAfter === undefined ? {} : { cancelAfter: options.cancelAfter }),
  }
}
