import type { ComparedMetric, Overhead, OverheadRow } from '../../../model/summary.ts'
import { deltaWords, intervalWords, levelWords, msWords, readingOf } from '../words.ts'

/** Metrics that may answer for one that was not measured, best first. */
const INSTEAD = ['p95', 'p50', 'mean'] as const

export interface Compared {
  readonly overhead: Overhead
  readonly row: OverheadRow
  /** Why it is not the metric that was asked for. */
  readonly instead: string | undefined
}

/** The row of `metric`, or of the next best that was measured. Undefined where no latency was compared at all. */
export function comparedRow(overhead: Overhead, metric: ComparedMetric): Compared | undefined {
  const rowOf = (name: ComparedMetric) => overhead.rows.find((row) => row.metric === name)
  const wanted = rowOf(metric)
  if (wanted?.delta.value !== undefined) return { overhead, row: wanted, instead: undefined }
  const row = INSTEAD.map((name) => rowOf(name)).find((one) => one?.delta.value !== undefined)
  if (row === undefined) return undefined
  const reason = wanted?.delta.reason ?? 'not measured'
  return { overhead, row, instead: `${metric} is not compared: ${neededWords(reason)}` }
}

/** `proxy adds 4.1 ms (3.8 to 4.5) to p95 at 10 in flight`, or what can be said instead. */
export function overheadSentence({ overhead, row }: Compared): string {
  const { candidate, level } = overhead
  const at = `at ${levelWords(level)}`
  const delta = row.delta.value ?? 0
  const interval = row.interval.value
  const half = interval === undefined ? delta : (interval.high - interval.low) / 2
  const spread = interval === undefined ? '' : intervalWords(interval)
  switch (readingOf(row)) {
    case 'slower':
      return `${candidate} adds ${msWords(delta, half)} (${spread}) to ${row.metric} ${at}`
    case 'faster':
      return `${candidate} takes ${msWords(-delta, half)} (${interval === undefined ? '' : intervalWords({ low: -interval.high, high: -interval.low })}) off ${row.metric} ${at}`
    case 'not told from none':
      return `${candidate} changes ${row.metric} by less than this run can tell ${at}: ${deltaWords(delta, half)} (${spread})${limitWords(row)}`
    case 'no interval':
      return `${candidate} differs by ${deltaWords(delta)} in ${row.metric} ${at}, with no interval to judge that by`
    case 'not measured':
      return `${row.metric} of ${candidate} is not measured ${at}`
  }
}

function limitWords({ detectable }: OverheadRow): string {
  return detectable.value === undefined
    ? ''
    : `, below the detection limit of ${msWords(detectable.value)}`
}

/** `needs 200 ok requests to each endpoint`; other reasons as they are. */
export function neededWords(reason: string): string {
  return /^needs \d+$/.test(reason) ? `it ${reason} ok requests to each endpoint` : reason
}
