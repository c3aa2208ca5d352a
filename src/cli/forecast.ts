import { type Estimate, measured, unmeasured } from '../model/estimate.ts'
import type { Forecast, ForecastLevel } from '../model/forecast.ts'
import type { Level } from '../model/level.ts'
import type { Plan } from '../model/plan.ts'
import type { Milliseconds } from '../model/units.ts'
import { roundsOf } from '../schedule/rounds.ts'
import { warmupRequestsOf } from '../schedule/warm-up.ts'
import type { PreparedRequest } from '../transport/transport.ts'
import { contentText } from '../wire/chat-request.ts'
import { isRecord, listAt, numberAt, parseJson } from '../wire/json.ts'

/** Characters of a token: a rule of thumb for English, which other languages and code exceed. */
const CHARACTERS_PER_TOKEN = 4

export interface ForecastInput {
  readonly plan: Plan
  /** By `promptIndex`. */
  readonly requests: readonly PreparedRequest[]
  readonly selfWarmUpMs: Milliseconds
  /** How long an answer takes, where that is assumed. */
  readonly latencyMs: Milliseconds | undefined
  /** What may change the number of requests. */
  readonly caveat: string | undefined
}

/** What a load test is going to send. */
export function forecastLoad(input: ForecastInput): Forecast {
  const { plan, requests, caveat } = input
  const levels = plan.levels.map((level) => forecastLevel(plan, level))
  const costs = requests.map((request) => tokensOf(request))
  const sent = levels.flatMap((one) => [one.requests, one.warmup])
  const sumOf = (of: (cost: TokenCost) => number) =>
    sum(sent.map((count) => overCycle(costs.map(of), count)))
  const perEndpoint = sum(sent)
  const endpoints = plan.endpoints.map(({ name }) => name)
  return {
    endpoints,
    levels,
    perEndpoint,
    requests: perEndpoint * endpoints.length,
    caveat,
    promptTokens: sumOf(({ prompt }) => prompt) * endpoints.length,
    mostAnswerTokens: sumOf(({ answer }) => answer) * endpoints.length,
    durationMs: durationOf(input, levels),
  }
}

/** What a probe is going to send: each case once to each endpoint. */
export function forecastProbe(input: ForecastInput, workers: number): Forecast {
  const { plan, requests } = input
  const concurrency = Math.min(workers, requests.length)
  const level = { level: { concurrency }, rounds: 1, requests: requests.length, warmup: 0 }
  // Each request once, which is what one level with a single cycle is.
  const single: Plan = { ...plan, levels: [], requests: requests.length }
  const costs = requests.map((request) => tokensOf(request))
  const count = plan.endpoints.length
  const total = (of: (cost: TokenCost) => number) => count * sum(costs.map(of))
  return {
    ...forecastLoad({ ...input, plan: single, requests: [] }),
    levels: [level],
    perEndpoint: requests.length,
    requests: requests.length * count,
    promptTokens: total(({ prompt }) => prompt),
    mostAnswerTokens: total(({ answer }) => answer),
    durationMs: durationOf({ ...input, selfWarmUpMs: 0 }, [level]),
  }
}

function forecastLevel(plan: Plan, level: Level): ForecastLevel {
  return {
    level,
    rounds: roundsOf(plan, level),
    requests: plan.requests,
    warmup: warmupRequestsOf(plan, level),
  }
}

interface TokenCost {
  readonly prompt: number
  readonly answer: number
}

/** Read from the body, which is what the endpoint counts by. */
function tokensOf({ body }: PreparedRequest): TokenCost {
  const request = parseJson(body.toString('utf8'))
  const texts = listAt(request, 'messages').map((message) =>
    contentText(isRecord(message) ? message['content'] : ''),
  )
  const characters = sum(texts.map(({ length }) => length))
  const most = numberAt(request, 'max_completion_tokens') ?? numberAt(request, 'max_tokens')
  return { prompt: Math.ceil(characters / CHARACTERS_PER_TOKEN), answer: most ?? 0 }
}

/** The sum of the first `count` of values that repeat. */
function overCycle(values: readonly number[], count: number): number {
  if (values.length === 0) return 0
  const rest = values.slice(0, count % values.length)
  return Math.floor(count / values.length) * sum(values) + sum(rest)
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

/** An open loop's schedule says how long it takes; a closed one takes as long as its answers. */
function durationOf(
  { plan, latencyMs, selfWarmUpMs }: ForecastInput,
  levels: readonly ForecastLevel[],
): Estimate {
  let total = selfWarmUpMs
  for (const { level, requests, warmup } of levels) {
    const { concurrency, rate } = level
    if (rate === undefined && latencyMs === undefined) {
      return unmeasured('a closed loop goes on as soon as an answer comes')
    }
    const perRequest = (latencyMs ?? 0) + (rate === undefined ? plan.jitterMs / 2 : 0)
    const counted =
      rate === undefined ? (requests / concurrency) * perRequest : (requests / rate) * 1000
    const uncounted = Math.ceil(warmup / concurrency) * (latencyMs ?? 0)
    // Whatever the order, all endpoints together have the level's concurrency, and each its own arrivals.
    total += plan.endpoints.length * (counted + uncounted)
  }
  return measured(total)
}
