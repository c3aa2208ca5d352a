import { type Estimate, measured } from '../model/estimate.ts'
import type {
  ComparedCell,
  ComparedNumber,
  GeometricMean,
  NumberChange,
  RunComparison,
  RunTrait,
} from '../model/run-comparison.ts'
import {
  nameNumber,
  RUN_METRICS,
  type RunMetric,
  type RunNumber,
  type RunNumbers,
  sameNumber,
} from '../model/run-numbers.ts'
import { studentTQuantile } from '../stats/student-t.ts'
import { welchDifference } from '../stats/welch.ts'
import { judgeRegression } from './regression.ts'
import { traitDifferences } from './run-traits.ts'

export interface CompareRunsOptions {
  readonly metrics: readonly RunMetric[]
  /** Traits in which the runs may differ. */
  readonly allowed: readonly RunTrait[]
  /** The slowdown allowed, 0.05 for 5 %; undefined to judge nothing. */
  readonly failOnRegression: number | undefined
}

/** Compares each run with the first. The traits in which they may not differ are the caller's to check beforehand. */
export function compareRuns(
  runs: readonly RunNumbers[],
  { metrics, allowed, failOnRegression }: CompareRunsOptions,
): RunComparison {
  const [first, ...others] = runs
  if (first === undefined) throw new RangeError('nothing to compare')
  const kept = first.numbers.filter(({ metric }) => metrics.includes(metric))
  const rows = kept.flatMap((number) => {
    const matches = others.map((run) => run.numbers.find((one) => sameNumber(one, number)))
    return matches.includes(undefined) ? [] : [[number, ...matches] as RunNumber[]]
  })
  return {
    runs: runs.map(({ name, facts }) => ({
      name,
      startedAt: facts.startedAt,
      partial: facts.partial,
    })),
    numbers: rows.map((row) => compareNumber(row)),
    means: RUN_METRICS.flatMap((metric) => geometricMean(metric, rows)),
    notes: notesOf(runs, allowed),
    regression:
      failOnRegression === undefined
        ? undefined
        : judgeRegression(rows, { limit: failOnRegression, runs: others.map(({ name }) => name) }),
  }
}

function compareNumber(row: readonly RunNumber[]): ComparedNumber {
  const [first] = row
  if (first === undefined) throw new RangeError('no number to compare')
  const { endpoint, baseline, level, metric } = first
  const cells = row.map((number, index): ComparedCell => ({
    value: number.value,
    halfWidth: halfWidthOf(number),
    change: index === 0 ? undefined : changeOf(first, number),
  }))
  return { endpoint, baseline, level, metric, cells }
}

/** Half the width of its own 95 % interval. */
export function halfWidthOf({ error }: RunNumber): Estimate {
  if (error.value === undefined) return error
  return measured(studentTQuantile(0.975, error.value.freedom) * error.value.standardError)
}

/**
 * The change from one run to another, which are independent: Welch's interval on the logarithms, whose difference is
 * that of a ratio; of overheads, which may be 0, on the numbers themselves.
 */
export function changeOf(before: RunNumber, after: RunNumber): NumberChange {
  const scale = before.baseline === undefined ? 'share' : 'difference'
  if (before.value.value === undefined) return unknownChange(scale, before.value)
  if (after.value.value === undefined) return unknownChange(scale, after.value)
  const isShare = scale === 'share'
  const delta = isShare
    ? measured(after.value.value / before.value.value - 1)
    : measured(after.value.value - before.value.value)
  const [one, other] = isShare ? [before.logError, after.logError] : [before.error, after.error]
  if (one.value === undefined) return { scale, delta, interval: one, decided: undefined }
  if (other.value === undefined) return { scale, delta, interval: other, decided: undefined }
  const valueOf = ({ value }: RunNumber) =>
    isShare ? Math.log(value.value ?? Number.NaN) : (value.value ?? Number.NaN)
  const { low, high } = welchDifference(
    { value: valueOf(before), ...one.value },
    { value: valueOf(after), ...other.value },
  )
  const interval = isShare ? { low: Math.expm1(low), high: Math.expm1(high) } : { low, high }
  const more = before.metric === 'ok_rps' ? 'faster' : 'slower'
  const less = before.metric === 'ok_rps' ? 'slower' : 'faster'
  const decided = low > 0 ? more : high < 0 ? less : 'undecided'
  return { scale, delta, interval: measured(interval), decided }
}

function unknownChange(
  scale: NumberChange['scale'],
  reason: { readonly value: undefined; readonly reason: string },
): NumberChange {
  return { scale, delta: reason, interval: reason, decided: undefined }
}

/** Over the endpoints and levels where every run has a value above 0; empty where that is fewer than two. */
function geometricMean(
  metric: RunMetric,
  rows: readonly (readonly RunNumber[])[],
): GeometricMean[] {
  const values = rows
    .filter(([first]) => first?.metric === metric && first.baseline === undefined)
    .map((row) => row.map(({ value }) => value.value ?? 0))
    .filter((row) => row.every((value) => value > 0))
  const [sample] = values
  if (sample === undefined || values.length < 2) return []
  const means = sample.map((_, run) =>
    Math.exp(values.reduce((sum, row) => sum + Math.log(row[run] ?? 1), 0) / values.length),
  )
  const [base = Number.NaN] = means
  const cells = means.map((value, run) => ({
    value,
    share: run === 0 ? undefined : value / base - 1,
  }))
  return [{ metric, count: values.length, cells }]
}

const DRIFT_NOTE =
  "Runs were not interleaved: a difference may be the machine's, and the intervals do not know of it."

/** A block is answered without the model, so that a proxy that blocks more looks faster. */
function blockNotes(runs: readonly RunNumbers[]): string[] {
  const places = runs.flatMap(({ blocks }) => blocks.filter(({ blocked }) => blocked > 0))
  const names = [...new Set(places.map((one) => nameNumber(one)))]
  return names.map((name) => {
    const told = runs.flatMap((run) => {
      const own = run.blocks.find((one) => nameNumber(one) === name)
      return own === undefined ? [] : [`${own.blocked} of ${own.requests} in ${run.name}`]
    })
    return `Blocked, ${name}: ${told.join(', ')}. Those among the 2xx are in its latencies, and none in its overhead.`
  })
}

function notesOf(runs: readonly RunNumbers[], allowed: readonly RunTrait[]): string[] {
  const [first, ...others] = runs
  if (first === undefined) return []
  const differing = others.flatMap((run) =>
    traitDifferences(first.facts, run.facts)
      .filter(({ trait }) => allowed.includes(trait))
      .map(
        ({ trait, before, after }) =>
          `${trait} differs, as --allow-different permits: ${before} in ${first.name}, ${after} in ${run.name}.`,
      ),
  )
  const settings = others.flatMap((run) => settingsNote(first, run))
  const partial = runs
    .filter(({ facts }) => facts.partial)
    .map(({ name }) => `${name} is partial: it was stopped early.`)
  return [
    DRIFT_NOTE,
    ...differing,
    ...settings,
    ...partial,
    ...blockNotes(runs),
    ...others.flatMap((run) => onlyIn(first, run)),
  ]
}

/** What else differs, which may explain a difference and does not forbid it. */
function settingsNote(first: RunNumbers, run: RunNumbers): string[] {
  const names = ['toolVersion', 'node', 'platform', 'client', 'order'] as const
  const told = names.flatMap((name) => {
    const one = first.facts[name]
    const other = run.facts[name]
    if (one === undefined || other === undefined || one === other) return []
    return [`${name === 'toolVersion' ? 'llmtrace-bench' : name} ${one} and ${other}`]
  })
  return told.length === 0 ? [] : [`${first.name} and ${run.name} differ in ${told.join(', ')}.`]
}

/** Endpoints and levels that one of the runs lacks. */
function onlyIn(first: RunNumbers, run: RunNumbers): string[] {
  return (
    [
      [first, run],
      [run, first],
    ] as const
  ).flatMap(([has, lacks]) => {
    const missing = has.numbers.filter(
      (one) => !lacks.numbers.some((other) => sameNumber(one, other)),
    )
    const places = [...new Set(missing.map((one) => nameNumber(one)))]
    return places.length === 0 ? [] : [`Only in ${has.name}: ${places.join('; ')}.`]
  })
}
