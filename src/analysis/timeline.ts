import type { LevelTimeline, TimelineBin } from '../model/chart.ts'
import { measured, unmeasured } from '../model/estimate.ts'
import type { Measurement } from '../model/measurement.ts'
import { quantile, sortSample } from '../stats/quantile.ts'
import { isOk, latencyOf } from './latencies.ts'

/** Most points of a line, and of all lines of a page. */
const MOST_BINS = 60
const MOST_OF_ALL = 3000

/** Fewer requests make a bin whose median is noise, and whose p95 has none beyond it. */
const LEAST_IN_BIN = 20

/** The arms of one level over time, all against the level's first send. `lines` is how many the page has in all. */
export function timelineOf(arms: readonly Measurement[], lines: number): LevelTimeline {
  const firsts = arms.map(({ samples }) => least(samples.sentAt))
  const startAt = Math.min(...firsts)
  const endAt = Math.max(...arms.map(({ samples }) => -least(samples.endedAt, -1)))
  const most = Math.max(1, Math.min(MOST_BINS, Math.floor(MOST_OF_ALL / Math.max(1, lines))))
  return {
    level: arms[0]?.level ?? { concurrency: 1 },
    lengthMs: endAt - startAt,
    roundsAt: roundStarts(arms).map((at) => at - startAt),
    lines: arms.map((arm) => ({ endpoint: arm.endpoint, bins: binsOf(arm, startAt, most) })),
  }
}

/** The least of `sign` times each; by a loop, because a spread of a million arguments overflows the stack. */
function least(values: Float64Array, sign = 1): number {
  return values.reduce((soFar, value) => Math.min(soFar, sign * value), Number.POSITIVE_INFINITY)
}

function roundStarts(arms: readonly Measurement[]): number[] {
  const starts: number[] = []
  for (const { samples } of arms) {
    for (let row = 0; row < samples.length; row += 1) {
      const round = samples.round[row] ?? 0
      const sentAt = samples.sentAt[row] ?? 0
      starts[round] = Math.min(starts[round] ?? Number.POSITIVE_INFINITY, sentAt)
    }
  }
  // A round that was stopped before its first request leaves a hole.
  return starts.filter((at) => at !== undefined)
}

/** Bins of consecutive requests in the order of their ends, cut within rounds, or of several rounds where there are many. */
function binsOf(arm: Measurement, startAt: number, most: number): TimelineBin[] {
  const together = Math.ceil(Math.max(1, arm.rounds) / most)
  const groups = okRowsByGroup(arm, together)
  const each = Math.max(1, Math.floor(most / Math.max(1, groups.length)))
  return groups.flatMap((rows) => {
    const count = Math.max(1, Math.min(each, Math.floor(rows.length / LEAST_IN_BIN)))
    return Array.from({ length: count }, (_, bin) => {
      const from = Math.floor((bin * rows.length) / count)
      const to = Math.floor(((bin + 1) * rows.length) / count)
      return binOf(arm, rows.subarray(from, to), startAt)
    })
  })
}

function okRowsByGroup(arm: Measurement, together: number): Uint32Array[] {
  const { samples } = arm
  const groupOf = (row: number) => Math.floor((samples.round[row] ?? 0) / together)
  const counts: number[] = []
  for (let row = 0; row < samples.length; row += 1) {
    const group = groupOf(row)
    while (counts.length <= group) counts.push(0)
    if (isOk(arm, row)) counts[group] = (counts[group] ?? 0) + 1
  }
  const groups = counts.map((count) => ({ rows: new Uint32Array(count), filled: 0 }))
  for (let row = 0; row < samples.length; row += 1) {
    const group = groups[groupOf(row)]
    if (group === undefined || !isOk(arm, row)) continue
    group.rows[group.filled] = row
    group.filled += 1
  }
  return groups.map(({ rows }) => rows).filter(({ length }) => length > 0)
}

function binOf(arm: Measurement, rows: Uint32Array, startAt: number): TimelineBin {
  const sorted = sortSample(Float64Array.from(rows, (row) => latencyOf(arm, row)))
  const middle = rows[Math.floor(rows.length / 2)] ?? 0
  const p95 = quantile(sorted, 0.95)
  return {
    atMs: (arm.samples.endedAt[middle] ?? 0) - startAt,
    count: rows.length,
    p50: quantile(sorted, 0.5) ?? 0,
    p95:
      p95 === undefined || rows.length < LEAST_IN_BIN
        ? unmeasured(`needs ${LEAST_IN_BIN}`)
        : measured(p95),
  }
}
