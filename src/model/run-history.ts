import type { ComparedRun, NumberChange } from './run-comparison.ts'
import type { Estimate } from './estimate.ts'
import type { NumberKey } from './run-numbers.ts'

/** A number in one run of a series. */
export interface HistoryPoint {
  /** Index into the history's runs. */
  readonly run: number
  readonly value: Estimate
  readonly halfWidth: Estimate
  /** Against the point before; undefined at the first, and where the runs measured different things. */
  readonly change: NumberChange | undefined
  /** Traits in which the run differs from that of the point before, so that they are not compared. */
  readonly broken: readonly string[]
}

/** One number over time. Runs that do not have it have no point. */
export interface HistorySeries extends NumberKey {
  readonly points: readonly HistoryPoint[]
}

export interface RunHistory {
  /** In order of their start. */
  readonly runs: readonly ComparedRun[]
  readonly series: readonly HistorySeries[]
  /** Files that are no saved runs, and why. */
  readonly unreadable: readonly { readonly name: string; readonly reason: string }[]
}
