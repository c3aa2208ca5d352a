import { type Estimate, measured, unmeasured } from '../model/estimate.ts'
import { sameLevel } from '../model/level.ts'
import type { Measurement } from '../model/measurement.ts'
import type { Order } from '../model/plan.ts'
import type {
  StreamFigures,
  StreamIntegrity,
  StreamOverhead,
  StreamResult,
  StreamStatistic,
  StreamSummary,
} from '../model/stream-result.ts'
import type { Overhead, Summary } from '../model/summary.ts'
import type { UpstreamArrival } from '../model/upstream-arrival.ts'
import { compareRounds, earned, reasonAgainstInterval } from './compare-rounds.ts'
import { STREAM_METRIC_LIST, statisticsOf } from './metrics/stream-metrics.ts'
import { isStreamed, StreamAnswer, type StreamedMeasurement } from './stream-answer.ts'
import { integrityOf } from './stream-integrity.ts'
import { upstreamCancellations } from './upstream-cancellations.ts'
import { ValueRounds } from './value-rounds.ts'

export interface StreamsInput {
  readonly measurements: readonly Measurement[]
  /** Go with the measurements. */
  readonly summaries: readonly Summary[]
  readonly overheads: readonly Overhead[]
  readonly order: Order
  /** Of the requests, where it is known. */
  readonly temperature: number | undefined
  /** What the server behind the proxy saw, where its log was read. */
  readonly upstream?: readonly UpstreamArrival[] | undefined
}

/** What the streams of a run say; undefined where none were read. */
export function streamsOf(input: StreamsInput): StreamResult | undefined {
  const { measurements, summaries, overheads, order, upstream } = input
  const streamed = measurements.filter((one) => isStreamed(one))
  if (streamed.length === 0) return undefined
  return {
    summaries: measurements.flatMap((one, index) => {
      const durationMs = summaries[index]?.durationMs ?? 0
      return isStreamed(one) ? [summarizeStreams(one, durationMs)] : []
    }),
    overheads: overheads.flatMap((overhead) => {
      const sideOf = (name: string) =>
        streamed.find((one) => one.endpoint === name && sameLevel(one.level, overhead.level))
      const [before, after] = [sideOf(overhead.baseline), sideOf(overhead.candidate)]
      if (before === undefined || after === undefined) return []
      return [compareStreams([before, after], overhead, order)]
    }),
    integrity: streamed.map((one) => integrityIn(input, streamed, one)),
    ...(upstream === undefined ? {} : { cancellations: upstreamCancellations(streamed, upstream) }),
  }
}

function integrityIn(
  { overheads, temperature }: StreamsInput,
  streamed: readonly StreamedMeasurement[],
  measurement: StreamedMeasurement,
): StreamIntegrity {
  const { endpoint, level } = measurement
  const overhead = overheads.find(
    (one) => one.candidate === endpoint && sameLevel(one.level, level),
  )
  const baseline = streamed.find(
    (one) => one.endpoint === overhead?.baseline && sameLevel(one.level, level),
  )
  return integrityOf(measurement, { baseline, control: overhead?.control ?? false, temperature })
}

function summarizeStreams(measurement: StreamedMeasurement, durationMs: number): StreamSummary {
  const answers = new StreamAnswer(measurement, measurement.stream)
  let answered = 0
  let cancelledAsAsked = 0
  let withUsage = 0
  let tokens = 0
  while (answers.next()) {
    if (answers.cancelledAsAsked) cancelledAsAsked += 1
    if (!answers.isAnswered) continue
    answered += 1
    const { outputTokens } = answers
    if (outputTokens === undefined) continue
    withUsage += 1
    tokens += outputTokens
  }
  const outputTokens = totalOf(tokens, withUsage, answered)
  return {
    endpoint: measurement.endpoint,
    level: measurement.level,
    answers: answered,
    cancelledAsAsked,
    figures: figuresOf(measurement),
    outputTokens,
    outputTokensPerS:
      outputTokens.value === undefined || durationMs <= 0
        ? unmeasured(outputTokens.reason ?? 'nothing was sent')
        : measured((outputTokens.value * 1000) / durationMs),
  }
}

function totalOf(tokens: number, withUsage: number, ok: number): Estimate {
  if (ok === 0) return unmeasured('no answer was ok')
  if (withUsage < ok) return unmeasured(`${ok - withUsage} of ${ok} answers reported no usage`)
  return measured(tokens)
}

function figuresOf(measurement: StreamedMeasurement): StreamFigures[] {
  const values = valuesOf(measurement, () => true)
  return STREAM_METRIC_LIST.map((metric, index) => {
    const rounds = values[index] ?? new ValueRounds()
    const input = rounds.all()
    const statistics = Object.fromEntries(
      statisticsOf(metric).map((statistic) => [statistic.name, earned(statistic, input)]),
    ) as Record<StreamStatistic, Estimate>
    return { metric: metric.name, unit: metric.unit, count: rounds.count, statistics }
  })
}

/**
 * The difference of each statistic, by the rules of the E2E latency: pooled over rounds, from pairs of which both sides
 * count, with the interval of the delete-one-round jackknife. Gaps are pooled too, so a round left out takes all its
 * gaps with it, and that gaps of one answer resemble each other widens the interval as it should.
 */
function compareStreams(
  [before, after]: readonly [StreamedMeasurement, StreamedMeasurement],
  { baseline, candidate, level, control, rounds }: Overhead,
  order: Order,
): StreamOverhead {
  const keep = keptBy(before, after, order)
  const [mine, others] = [valuesOf(before, keep), valuesOf(after, keep)]
  const noInterval = reasonAgainstInterval(order, rounds)
  const comparisons = STREAM_METRIC_LIST.map((metric, index) => ({
    metric: metric.name,
    unit: metric.unit,
    rows: compareRounds([mine[index] ?? new ValueRounds(), others[index] ?? new ValueRounds()], {
      metrics: statisticsOf(metric),
      rounds,
      noInterval,
      order,
    }),
  }))
  return { baseline, candidate, level, control, comparisons }
}

/** Which sequences are compared: those that count on both sides; all with the sequential order, as for latencies. */
function keptBy(
  before: StreamedMeasurement,
  after: StreamedMeasurement,
  order: Order,
): (sequence: number) => boolean {
  if (order === 'sequential') return () => true
  const [one, other] = [countedSequences(before), countedSequences(after)]
  return (sequence) => one.has(sequence) && other.has(sequence)
}

function countedSequences(measurement: StreamedMeasurement): Set<number> {
  const answers = new StreamAnswer(measurement, measurement.stream)
  const sequences = new Set<number>()
  while (answers.next()) {
    if (answers.isAnswered || answers.cancelledAsAsked) sequences.add(answers.sequence)
  }
  return sequences
}

/** The values of each metric by rounds, in the metrics' order. */
function valuesOf(
  measurement: StreamedMeasurement,
  keep: (sequence: number) => boolean,
): ValueRounds[] {
  const values = STREAM_METRIC_LIST.map(() => new ValueRounds())
  const answers = new StreamAnswer(measurement, measurement.stream)
  while (answers.next()) {
    const { isAnswered } = answers
    if ((!isAnswered && !answers.cancelledAsAsked) || !keep(answers.sequence)) continue
    for (const [index, metric] of STREAM_METRIC_LIST.entries()) {
      if (!isAnswered && !metric.ofCancelled) continue
      const value = metric.values(answers)
      if (value !== undefined) values[index]?.add(answers.round, value)
    }
  }
  return values
}
