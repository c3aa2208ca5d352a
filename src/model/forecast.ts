import type { Estimate } from './estimate.ts'
import type { Level } from './level.ts'

/** What a run is going to send at one level; counts are of one endpoint. */
export interface ForecastLevel {
  readonly level: Level
  readonly rounds: number
  readonly requests: number
  /** Sent first and not counted. */
  readonly warmup: number
}

/** What a run is going to send, known before its first request. */
export interface Forecast {
  readonly endpoints: readonly string[]
  readonly levels: readonly ForecastLevel[]
  /** To each endpoint, warm-up included. */
  readonly perEndpoint: number
  /** To all endpoints. */
  readonly requests: number
  /** Why there may be fewer or more; undefined where the number is exact. */
  readonly caveat: string | undefined
  /** Of prompts, at four characters a token, for all requests. */
  readonly promptTokens: number
  /** Most tokens of answers, for all requests. */
  readonly mostAnswerTokens: number
  readonly durationMs: Estimate
}
