import { type Estimate, measured, unmeasured } from '../model/estimate.ts'
import type { Share, UpstreamCancellations } from '../model/stream-result.ts'
import type { UpstreamArrival } from '../model/upstream-arrival.ts'
import type { Milliseconds } from '../model/units.ts'
import { quantile, sortSample } from '../stats/quantile.ts'
import { samplesFor } from './metrics/latency-quantile.ts'
import { StreamAnswer, type StreamedMeasurement } from './stream-answer.ts'

/** The two clocks are good to about a millisecond, and a request takes a moment to arrive. */
const CLOCK_MS = 2

const AT_ONCE =
  'several endpoints were measured at once, and the log does not say whose a request is'

interface Window {
  from: Milliseconds
  to: Milliseconds
}

/**
 * What became of our cancellations behind the proxy. An arrival belongs to the endpoint whose block was under way when it
 * came, so nothing can be told where two endpoints were measured at once.
 */
export function upstreamCancellations(
  streamed: readonly StreamedMeasurement[],
  arrivals: readonly UpstreamArrival[],
): UpstreamCancellations[] {
  const windows = streamed.map((one) => windowsOf(one))
  return streamed.map((measurement, index) => {
    const { endpoint, level } = measurement
    const cancelledAt = cancelInstants(measurement)
    const common = { endpoint, level, cancelled: cancelledAt.length }
    const others = windows.filter((_, other) => other !== index).flat()
    const own = windows[index] ?? []
    if (own.some((one) => others.some((other) => overlap(one, other)))) {
      return { ...common, ...nothing(AT_ONCE) }
    }
    const mine = arrivals.filter(({ at }) =>
      own.some(({ from, to }) => at >= from - CLOCK_MS && at <= to + CLOCK_MS),
    )
    return { ...common, ...judge(cancelledAt, mine) }
  })
}

/** Each round's block, from its first send to its last end. */
function windowsOf({ samples }: StreamedMeasurement): Window[] {
  const rounds: Window[] = []
  for (let row = 0; row < samples.length; row += 1) {
    const round = samples.round[row] ?? 0
    const known = rounds[round] ?? { from: Infinity, to: -Infinity }
    known.from = Math.min(known.from, samples.sentAt[row] ?? Infinity)
    known.to = Math.max(known.to, samples.endedAt[row] ?? -Infinity)
    rounds[round] = known
  }
  return rounds.filter((one) => one !== undefined)
}

function overlap(one: Window, other: Window): boolean {
  return one.from < other.to && other.from < one.to
}

/** When we cancelled, ascending. */
function cancelInstants(measurement: StreamedMeasurement): Float64Array {
  const instants: Milliseconds[] = []
  const answers = new StreamAnswer(measurement, measurement.stream)
  while (answers.next()) if (answers.cancelledAsAsked) instants.push(answers.endedAt)
  return sortSample(instants)
}

type Judged = Pick<UpstreamCancellations, 'stopped' | 'p50' | 'p95' | 'max'>

/**
 * Cancellations and aborts are joined in their order, the first with the first: which is which the log does not say, and
 * the sum of all latenesses is the same whoever is joined with whom.
 */
function judge(cancelledAt: Float64Array, arrivals: readonly UpstreamArrival[]): Judged {
  const aborted = sortSample(arrivals.flatMap(({ abortedAt }) => abortedAt ?? []))
  const cancelled = cancelledAt.length
  if (cancelled === 0) return nothing('no stream was cancelled')
  if (arrivals.length === 0) return nothing('no request of the run is in the log')
  const stopped: Estimate<Share> = measured({
    count: Math.min(aborted.length, cancelled),
    of: cancelled,
  })
  if (aborted.length !== cancelled) {
    const reason = `${aborted.length} requests went away there, ${cancelled} were cancelled here`
    return { ...nothing(reason), stopped }
  }
  const late = sortSample(aborted.map((at, index) => at - (cancelledAt[index] ?? at)))
  const level = (p: number): Estimate => {
    const value = quantile(late, p)
    if (value === undefined) return unmeasured('no stream was cancelled')
    const needs = p < 1 ? samplesFor(p) : 0
    return late.length < needs ? unmeasured(`needs ${needs}`) : measured(value)
  }
  return { stopped, p50: level(0.5), p95: level(0.95), max: level(1) }
}

function nothing(reason: string): Judged {
  const absent = unmeasured(reason)
  return { stopped: absent, p50: absent, p95: absent, max: absent }
}
