import { type Estimate, measured, unmeasured } from '../model/estimate.ts'
import type { Measurement } from '../model/measurement.ts'
import type { Result } from '../model/result.ts'
import {
  type NumberError,
  RUN_METRICS,
  type RunMetric,
  type RunNumber,
} from '../model/run-numbers.ts'
import type { Overhead, Summary } from '../model/summary.ts'
import { jackknife } from '../stats/interval.ts'
import { serialCorrection } from '../stats/serial-correlation.ts'
import { studentTQuantile } from '../stats/student-t.ts'
import { ROUNDS_FOR_INTERVAL } from './compare-rounds.ts'
import { ConsecutiveBlocks, type EndedRequests } from './consecutive-blocks.ts'
import { isOk, latencyOf } from './latencies.ts'
import { LevelView, type RoundsView } from './level-view.ts'
import { OVERHEAD_METRICS } from './metrics/index.ts'
import type { Metric } from './metrics/metric.ts'

/** Blocks that an endpoint measured in one piece is cut into, and the ok requests that each has to have. */
const BLOCKS = 10
const LEAST_BLOCK = 4

/** What a result file keeps of an endpoint at a level. */
export interface StoredArm {
  /** ms, of ok requests, in the order in which they ended. */
  readonly latencies: ArrayLike<number>
  readonly rounds: number
}

/** Rounds, or what stands for them; a reason where there is neither. */
type Grouped = Estimate<{ readonly view: RoundsView; readonly rounds: number }>

/** The numbers of a run that is there with its samples. */
export function numbersOfRun(
  { summaries, overheads }: Pick<Result, 'summaries' | 'overheads'>,
  measurements: readonly Measurement[],
): RunNumber[] {
  return numbersOf(summaries, overheads, (index) => {
    const measurement = measurements[index]
    return measurement && groupMeasurement(measurement)
  })
}

/** The numbers of a result file. Its latencies are in order, so that blocks of them can stand for the rounds. */
export function numbersOfStored(
  { summaries, overheads }: Pick<Result, 'summaries' | 'overheads'>,
  arms: readonly StoredArm[],
): RunNumber[] {
  return numbersOf(summaries, overheads, (index) => {
    const arm = arms[index]
    if (arm === undefined) return undefined
    const ended = { latencies: arm.latencies, endedAt: undefined, firstSentAt: 0 }
    return groupEnded(ended, arm.rounds)
  })
}

function numbersOf(
  summaries: readonly Summary[],
  overheads: readonly Overhead[],
  groupedAt: (index: number) => Grouped | undefined,
): RunNumber[] {
  const compared = overheads.filter(({ control }) => !control)
  const controls = new Set(overheads.filter(({ control }) => control).map((one) => one.candidate))
  return [
    ...summaries.flatMap((summary, index) =>
      controls.has(summary.endpoint) ? [] : numbersOfArm(summary, groupedAt(index)),
    ),
    ...compared.flatMap((overhead) => numbersOfOverhead(overhead)),
  ]
}

function groupMeasurement(measurement: Measurement): Grouped {
  const view = new LevelView(measurement)
  if (view.rounds > 1) return grouped(view.rounds, () => view)
  const { samples } = measurement
  const rows = Array.from({ length: samples.length }, (_, row) => row).filter((row) =>
    isOk(measurement, row),
  )
  const ended: EndedRequests = {
    latencies: rows.map((row) => latencyOf(measurement, row)),
    endedAt: rows.map((row) => samples.endedAt[row] ?? 0),
    firstSentAt: samples.sentAt.reduce(
      (least, at) => Math.min(least, at),
      Number.POSITIVE_INFINITY,
    ),
  }
  return groupEnded(ended, 1)
}

function groupEnded(ended: EndedRequests, rounds: number): Grouped {
  const wanted = rounds > 1 ? rounds : BLOCKS
  // Asked first: a file may tell of any number of rounds.
  if (ended.latencies.length < wanted * LEAST_BLOCK) {
    return unmeasured(`need >= ${wanted * LEAST_BLOCK} ok requests`)
  }
  return grouped(wanted, () => new ConsecutiveBlocks(ended, wanted))
}

function grouped(rounds: number, view: () => RoundsView): Grouped {
  return rounds >= ROUNDS_FOR_INTERVAL
    ? measured({ view: view(), rounds })
    : unmeasured(`need >= ${ROUNDS_FOR_INTERVAL} rounds`)
}

function numbersOfArm(summary: Summary, groups: Grouped | undefined): RunNumber[] {
  const { endpoint, level, metrics, ok } = summary
  const leftOut = leftOutInputs(groups)
  return RUN_METRICS.map((name): RunNumber => {
    const metric = metricOf(name)
    const key = { endpoint, level, metric: name }
    if (ok < metric.needs) return absent(key, `need >= ${metric.needs} ok requests`)
    const value = metrics[name]
    if (value.value === undefined) return absent(key, value.reason)
    return { ...key, value, ...errorsOf(metric, value.value, leftOut) }
  })
}

type LeftOut = Estimate<readonly Readonly<Record<string, Estimate>>[]>

/** Every metric with each round left out in turn: sorting the samples is what costs, so all at once. */
function leftOutInputs(groups: Grouped | undefined): LeftOut {
  if (groups === undefined) return unmeasured('not in the file')
  if (groups.value === undefined) return groups
  const { view, rounds } = groups.value
  const values = Array.from({ length: rounds }, (_, round) => {
    const input = view.without(round)
    return Object.fromEntries(RUN_METRICS.map((name) => [name, metricOf(name).compute(input)]))
  })
  return measured(values)
}

/**
 * Delete-one-round jackknife of the value and of its logarithm, as if the rounds were an autoregression: neighbours see
 * the same weather. Within a run that falls on both sides of a comparison, between two runs it does not.
 */
function errorsOf(
  { name }: Metric,
  value: number,
  leftOut: LeftOut,
): Pick<RunNumber, 'error' | 'logError'> {
  if (leftOut.value === undefined) return { error: leftOut, logError: leftOut }
  const values = leftOut.value.flatMap((one) => one[name]?.value ?? [])
  if (values.length < leftOut.value.length) {
    const none = unmeasured(
      name === 'ok_rps' ? 'a result file has no times' : 'all samples lie in one round',
    )
    return { error: none, logError: none }
  }
  const error = measured(serialError(value, values))
  if (value <= 0 || values.some((one) => one <= 0)) {
    return { error, logError: unmeasured('a ratio needs values above 0') }
  }
  const logarithms = values.map((one) => Math.log(one))
  return { error, logError: measured(serialError(Math.log(value), logarithms)) }
}

/** `leftOut` in the order of the rounds. Its neighbours are correlated as those of the rounds' own values are. */
function serialError(value: number, leftOut: readonly number[]): NumberError {
  const { factor, freedom } = serialCorrection(leftOut)
  return { standardError: factor * jackknife(value, leftOut).standardError, freedom }
}

function numbersOfOverhead(overhead: Overhead): RunNumber[] {
  const { candidate, baseline, level, rows, rounds } = overhead
  return rows.flatMap(({ metric, unit, delta, interval }): RunNumber[] => {
    const name = RUN_METRICS.find((one) => one === metric)
    if (name === undefined || unit !== 'ms') return []
    const key = { endpoint: candidate, baseline, level, metric: name }
    const none = unmeasured('an overhead has no ratio')
    if (delta.value === undefined) return [absent(key, inWords(delta.reason))]
    return [{ ...key, value: delta, error: errorOfInterval(interval, rounds), logError: none }]
  })
}

/** The error that an interval of the delete-one-round jackknife was made from. */
function errorOfInterval(
  interval: Overhead['rows'][number]['interval'],
  rounds: number,
): Estimate<NumberError> {
  if (interval.value === undefined) {
    return rounds < ROUNDS_FOR_INTERVAL
      ? unmeasured(`need >= ${ROUNDS_FOR_INTERVAL} rounds`)
      : interval
  }
  const freedom = rounds - 1
  const half = (interval.value.high - interval.value.low) / 2
  return measured({ standardError: half / studentTQuantile(0.975, freedom), freedom })
}

function inWords(reason: string): string {
  return reason.replace(/^needs (\d+)$/, 'need >= $1 ok requests')
}

function absent(
  key: Pick<RunNumber, 'endpoint' | 'baseline' | 'level' | 'metric'>,
  reason: string,
) {
  const none = unmeasured(reason)
  return { ...key, value: none, error: none, logError: none }
}

function metricOf(name: RunMetric): Metric {
  const metric = OVERHEAD_METRICS.find((one) => one.name === name)
  if (metric === undefined) throw new Error(`no metric ${name}`)
  return metric
}
