import type { RunTrait } from '../model/run-comparison.ts'
import type { HistoryPoint, HistorySeries, RunHistory } from '../model/run-history.ts'
import {
  type RunMetric,
  type RunNumber,
  type RunNumbers,
  sameNumber,
} from '../model/run-numbers.ts'
import { changeOf, halfWidthOf } from './compare-runs.ts'
import { traitDifferences } from './run-traits.ts'

export interface HistoryOptions {
  readonly metrics: readonly RunMetric[]
  /** Traits that may differ between neighbours. */
  readonly allowed: readonly RunTrait[]
}

/** Runs in order of their start, and each number's way through them. A run without a start comes first. */
export function historyOf(
  runs: readonly RunNumbers[],
  unreadable: RunHistory['unreadable'],
  { metrics, allowed }: HistoryOptions,
): RunHistory {
  const inOrder = runs.toSorted(
    (one, other) => startOf(one) - startOf(other) || (one.name < other.name ? -1 : 1),
  )
  const keys: RunNumber[] = []
  for (const number of inOrder.flatMap(({ numbers }) => numbers)) {
    if (metrics.includes(number.metric) && !keys.some((key) => sameNumber(key, number))) {
      keys.push(number)
    }
  }
  return {
    runs: inOrder.map(({ name, facts }) => ({
      name,
      startedAt: facts.startedAt,
      partial: facts.partial,
    })),
    series: keys.map((key) => seriesOf(key, inOrder, allowed)),
    unreadable,
  }
}

function startOf({ facts }: RunNumbers): number {
  const at = Date.parse(facts.startedAt ?? '')
  return Number.isNaN(at) ? Number.NEGATIVE_INFINITY : at
}

function seriesOf(
  { endpoint, baseline, level, metric }: RunNumber,
  runs: readonly RunNumbers[],
  allowed: readonly RunTrait[],
): HistorySeries {
  const key = { endpoint, baseline, level, metric }
  const points: HistoryPoint[] = []
  let last: { readonly run: RunNumbers; readonly number: RunNumber } | undefined
  for (const [index, run] of runs.entries()) {
    const number = run.numbers.find((one) => sameNumber(one, key))
    if (number === undefined) continue
    const differing = last === undefined ? [] : traitDifferences(last.run.facts, run.facts)
    const broken = differing.map(({ trait }) => trait).filter((trait) => !allowed.includes(trait))
    const change =
      last === undefined || broken.length > 0 ? undefined : changeOf(last.number, number)
    points.push({ run: index, value: number.value, halfWidth: halfWidthOf(number), change, broken })
    last = { run, number }
  }
  return { ...key, points }
}
