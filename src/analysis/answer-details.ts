import type { Measurement } from '../model/measurement.ts'
import { mean, quantile, sortSample } from '../stats/quantile.ts'
import { okLatencies } from './latencies.ts'
import { interChunkLatency } from './metrics/inter-chunk-latency.ts'
import type { StreamMetric } from './metrics/stream-metric.ts'
import { timePerOutputToken } from './metrics/time-per-output-token.ts'
import { timeToFirstToken } from './metrics/time-to-first-token.ts'
import { isStreamed, StreamAnswer } from './stream-answer.ts'

/** Of the ok answers, in the order in which they ended; ms. What an answer has not is null, so that all lists go together. */
export interface AnswerDetails {
  readonly latencies: number[]
  readonly ttfts: (number | null)[]
  /** Only of those that have one. */
  readonly tpots: number[]
  readonly itls: number[][]
  readonly inputLens: (number | null)[]
  readonly outputLens: (number | null)[]
  /** Absent where an answer reported none. */
  readonly inputTokens: number | undefined
  readonly outputTokens: number | undefined
}

/** Every ok answer of a measurement, for formats that list them all. Without streams there are latencies only. */
export function answerDetails(measurement: Measurement): AnswerDetails {
  const latencies: number[] = []
  const ttfts: (number | null)[] = []
  const tpots: number[] = []
  const itls: number[][] = []
  const inputLens: (number | null)[] = []
  const outputLens: (number | null)[] = []
  for (const latency of okLatencies(measurement)) latencies.push(latency)
  const answers = isStreamed(measurement)
    ? new StreamAnswer(measurement, measurement.stream)
    : undefined
  while (answers?.next()) {
    if (!answers.isOk) continue
    ttfts.push(valuesOf(timeToFirstToken, answers)[0] ?? null)
    tpots.push(...valuesOf(timePerOutputToken, answers))
    itls.push(valuesOf(interChunkLatency, answers))
    inputLens.push(answers.inputTokens ?? null)
    outputLens.push(answers.outputTokens ?? null)
  }
  const tokens = { inputTokens: totalOf(inputLens), outputTokens: totalOf(outputLens) }
  return { latencies, ttfts, tpots, itls, inputLens, outputLens, ...tokens }
}

function valuesOf(metric: StreamMetric, answer: StreamAnswer): number[] {
  const values = metric.values(answer)
  if (values === undefined) return []
  return typeof values === 'number' ? [values] : Array.from(values)
}

function totalOf(lengths: readonly (number | null)[]): number | undefined {
  if (lengths.length === 0 || lengths.includes(null)) return undefined
  return lengths.reduce<number>((sum, length) => sum + (length ?? 0), 0)
}

/** What is told of some numbers, however few they are; undefined of none. */
export interface Spread {
  readonly mean: number
  readonly median: number
  readonly deviation: number
  readonly p90: number
  readonly p95: number
  readonly p99: number
}

export function spreadOf(values: readonly number[]): Spread | undefined {
  const sorted = sortSample(values)
  const average = mean(sorted)
  if (average === undefined) return undefined
  const variance = mean(values.map((value) => (value - average) ** 2)) ?? 0
  const level = (p: number) => quantile(sorted, p) ?? average
  return {
    mean: average,
    median: level(0.5),
    deviation: Math.sqrt(variance),
    p90: level(0.9),
    p95: level(0.95),
    p99: level(0.99),
  }
}
