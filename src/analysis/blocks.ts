import { LEAST_CASES } from '../model/detection.ts'
import { type Estimate, measured, unmeasured } from '../model/estimate.ts'
import type { Measurement } from '../model/measurement.ts'
import { OUTCOMES } from '../model/outcome.ts'
import type { Label } from '../model/prompt.ts'
import type { BlockFigures, BlockRate } from '../model/summary.ts'
import { wilson } from '../stats/interval.ts'
import { mean, quantile, type SortedSample, sortSample } from '../stats/quantile.ts'
import { groundAt } from './answered.ts'
import { isOk, latencyOf } from './latencies.ts'

const CANCELLED = OUTCOMES.indexOf('cancelled')

const LABELS: readonly Label[] = ['benign', 'malicious']

/** Labels of the prompts, by `promptIndex`. */
export type PromptLabels = readonly (Label | null)[]

/** What was blocked; undefined where replies were not judged. */
export function blockFigures(
  measurement: Measurement,
  labels: PromptLabels = [],
): BlockFigures | undefined {
  if (measurement.grounds === undefined) return undefined
  const { allowed, blocked, counts } = sortRows(measurement)
  const { promptIndex } = measurement.samples
  const labelled = (rows: Uint32Array, label: Label) =>
    rows.filter((row) => labels[promptIndex[row] ?? 0] === label)
  const times = latenciesOf(measurement, blocked)
  // Where nothing was blocked they are those of the results table, and sorting them again would cost a run of a million.
  const answers = latenciesOf(measurement, blocked.length === 0 ? blocked : allowed)
  return {
    allowed: allowed.length,
    blocked: blocked.length,
    ...counts,
    rate: rateOf(measurement, { allowed, blocked }),
    timeToBlock: { p50: quantileOf(times, 0.5), p95: quantileOf(times, 0.95) },
    allowedLatency: {
      mean: estimateOf(mean(answers)),
      p50: quantileOf(answers, 0.5),
      p95: quantileOf(answers, 0.95),
      p99: quantileOf(answers, 0.99),
    },
    byLabel: LABELS.map((label) => ({
      label,
      rate: rateOf(measurement, {
        allowed: labelled(allowed, label),
        blocked: labelled(blocked, label),
      }),
    })).filter(({ rate }) => rate.decided > 0),
    rules: rulesOf(measurement, blocked),
  }
}

/** Rows by what became of them. */
function sortRows(measurement: Measurement) {
  const { samples } = measurement
  // Rows of a million requests as numbers in a list would take as much as all that is kept of them.
  const rows = new Uint32Array(samples.length)
  let allowed = 0
  let blocked = 0
  const counts = { blockedOk: 0, undecided: 0, errors: 0 }
  for (let row = 0; row < samples.length; row += 1) {
    if (samples.outcome[row] === CANCELLED) continue
    const kind = groundAt(measurement, row)?.kind ?? 'undecided'
    const ok = isOk(measurement, row)
    if (kind === 'blocked') {
      blocked += 1
      rows[rows.length - blocked] = row
      if (ok) counts.blockedOk += 1
    } else if (!ok) counts.errors += 1
    else if (kind === 'undecided') counts.undecided += 1
    else {
      rows[allowed] = row
      allowed += 1
    }
  }
  return {
    allowed: rows.subarray(0, allowed),
    blocked: rows.subarray(rows.length - blocked),
    counts,
  }
}

interface Decided {
  readonly allowed: Uint32Array
  readonly blocked: Uint32Array
}

/**
 * The share of requests that was blocked. Its interval takes each prompt as one case, however often it was sent: a guard
 * that blocks it once will block it again, and requests counted as cases would make the interval too short.
 */
function rateOf({ samples }: Measurement, { allowed, blocked }: Decided): BlockRate {
  const decided = allowed.length + blocked.length
  const indexes = new Set<number>()
  for (const rows of [allowed, blocked]) {
    for (const row of rows) indexes.add(samples.promptIndex[row] ?? 0)
  }
  const prompts = indexes.size
  const share = blocked.length / decided
  return {
    blocked: blocked.length,
    decided,
    prompts,
    value: decided === 0 ? unmeasured('no request was decided') : measured(share),
    interval:
      prompts < LEAST_CASES
        ? unmeasured(`needs ${LEAST_CASES}`)
        : measured({ ...wilson(share * prompts, prompts), method: 'wilson' }),
  }
}

function latenciesOf(measurement: Measurement, rows: Uint32Array): SortedSample {
  return sortSample(Float64Array.from(rows, (row) => latencyOf(measurement, row)))
}

function quantileOf(sample: SortedSample, p: number): Estimate {
  return estimateOf(quantile(sample, p))
}

function estimateOf(value: number | undefined): Estimate {
  return value === undefined ? unmeasured('no such request') : measured(value)
}

function rulesOf(measurement: Measurement, blocked: Uint32Array): BlockFigures['rules'] {
  const counts = new Map<string, number>()
  for (const row of blocked) {
    const rule = groundAt(measurement, row)?.rule ?? ''
    counts.set(rule, (counts.get(rule) ?? 0) + 1)
  }
  return [...counts]
    .map(([rule, requests]) => ({ rule, requests }))
    .toSorted((one, other) => other.requests - one.requests)
}
