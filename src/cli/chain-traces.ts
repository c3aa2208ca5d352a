import { measured, unmeasured } from '../model/estimate.ts'
import { sameLevel } from '../model/level.ts'
import type { Measurement } from '../model/measurement.ts'
import type { HopBreakdown, Result } from '../model/result.ts'
import { SourceError } from '../observability/fetch-json.ts'
import { readSpans, type TimedSpan } from '../observability/read-spans.ts'
import { type TracedHop, traceTable } from '../report/trace-table.ts'
import { mean } from '../stats/quantile.ts'

/** The hop that keeps traces, and the endpoint that goes through it. */
const HOP = 'proxy'

/** A span's start is told to a millisecond. */
const CLOCK_MS = 1

interface Told {
  readonly hops: Result['hops']
  readonly measurements: readonly Measurement[]
  /** Unix time in ms of instant 0 of the samples. */
  readonly clockZeroAt: number
}

/** What the proxy's traces say beside its `server-timing`; a line that tells why where they cannot be read. */
export async function chainTraces(proxyUrl: string, told: Told): Promise<string> {
  try {
    const spans = await readSpans(new URL(proxyUrl))
    return traceTable(told.hops.flatMap((one) => tracedHop(one, spans, told) ?? []))
  } catch (error) {
    if (!(error instanceof SourceError)) throw error
    return `Traces of the proxy could not be read: ${error.message}\n`
  }
}

function tracedHop(
  { endpoint, level, answers, parts }: HopBreakdown,
  spans: readonly TimedSpan[],
  { measurements, clockZeroAt }: Told,
): TracedHop | undefined {
  const from = parts.findIndex(({ name }) => name === HOP)
  const samples = measurements.find(
    (one) => one.endpoint === endpoint && sameLevel(one.level, level),
  )?.samples
  if (from < 0 || samples === undefined) return undefined
  // Its own time and all that is behind it.
  const whole = parts.slice(from).reduce((sum, { meanMs }) => sum + meanMs, 0)
  const first = clockZeroAt + samples.sentAt.reduce((least, at) => Math.min(least, at), Infinity)
  const last = clockZeroAt + samples.endedAt.reduce((most, at) => Math.max(most, at), 0)
  const own = spans.filter(
    ({ startedAt }) => startedAt >= first - CLOCK_MS && startedAt <= last + CLOCK_MS,
  )
  const traced = mean(own.map(({ durationMs }) => durationMs))
  return {
    level,
    hop: HOP,
    told: measured(whole),
    answers,
    traced: traced === undefined ? unmeasured('no trace of that time') : measured(traced),
    traces: own.length,
  }
}
