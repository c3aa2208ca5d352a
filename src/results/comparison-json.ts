import type { Estimate } from '../model/estimate.ts'
import type { Interval, OverheadRow, PairedDifference } from '../model/summary.ts'

/** The rows of a comparison as result files have them: an object a column, its keys the metrics. */
export function rowsJson(rows: readonly OverheadRow<string>[]) {
  const each = (read: (row: OverheadRow<string>) => Estimate) =>
    present(rows.map((row) => [row.metric, read(row)]))
  return {
    delta: each(({ delta }) => delta),
    interval: intervals(rows, ({ interval }) => interval),
    ratio: each(({ ratio }) => ratio),
    ratio_interval: intervals(rows, ({ ratioInterval }) => ratioInterval),
    detectable: each(({ detectable }) => detectable),
    p: each(({ pValue }) => pValue),
    absent: Object.fromEntries(
      rows.flatMap(({ metric, delta, interval }) => {
        const reason = delta.reason ?? interval.reason
        return reason === undefined ? [] : [[metric, reason]]
      }),
    ),
  }
}

export function pairedJson({ pairs, typical, interval, p50, p95, p99 }: PairedDifference) {
  return {
    pairs,
    ...present([
      ['typical', typical],
      ['p50', p50],
      ['p95', p95],
      ['p99', p99],
    ]),
    ...(interval.value === undefined ? {} : { interval: pairJson(interval.value) }),
  }
}

/** The metrics that have a value: absent is absent, never 0. */
export function present(entries: readonly (readonly [string, Estimate])[]): Record<string, number> {
  return Object.fromEntries(
    entries.flatMap(([name, { value }]) => (value === undefined ? [] : [[name, round(value, 6)]])),
  )
}

export function pairJson({ low, high }: Interval): [number, number] {
  return [round(low, 6), round(high, 6)]
}

export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}

function intervals(
  rows: readonly OverheadRow<string>[],
  read: (row: OverheadRow<string>) => Estimate<Interval>,
): Record<string, [number, number]> {
  return Object.fromEntries(
    rows.flatMap((row) => {
      const { value } = read(row)
      return value === undefined ? [] : [[row.metric, pairJson(value)]]
    }),
  )
}
