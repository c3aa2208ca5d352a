import type { Estimate } from '../model/estimate.ts'
import type { Interval, MetricUnit } from '../model/summary.ts'

const ABSENT = 'n/a'

/** `12.3ms`, `41.500` requests per second, `1.25%`; `n/a` where nothing was measured. */
export function formatEstimate({ value, reason }: Estimate, unit: MetricUnit): string {
  return value === undefined ? formatAbsent(reason) : formatValue(value, unit)
}

/** As `formatEstimate`, with the sign that a difference needs. */
export function formatDelta({ value, reason }: Estimate, unit: MetricUnit): string {
  return value === undefined ? formatAbsent(reason) : signed(formatValue(value, unit), value)
}

/** `+4.12 to +4.55ms`; a digit more than the estimate has, since an interval is about the digits. */
export function formatInterval({ value }: Estimate<Interval>, unit: MetricUnit): string {
  if (value === undefined) return ABSENT
  const suffix = unit === 'ms' ? 'ms' : ''
  const end = (bound: number) =>
    signed(unit === 'ms' ? fixed(bound, 2) : formatValue(bound, unit), bound)
  return `${end(value.low)} to ${end(value.high)}${suffix}`
}

/** As `formatInterval`, of a value that is no difference. */
export function formatRange({ value }: Estimate<Interval>, unit: MetricUnit): string {
  if (value === undefined) return ABSENT
  const end = (bound: number) => formatFine({ value: bound }, unit)
  return `${end(value.low)} to ${end(value.high)}`
}

/** `1.21 (1.20 to 1.22)`. */
export function formatRatio(ratio: Estimate, interval: Estimate<Interval>): string {
  if (ratio.value === undefined) return ABSENT
  const point = ratio.value.toFixed(2)
  if (interval.value === undefined) return point
  return `${point} (${interval.value.low.toFixed(2)} to ${interval.value.high.toFixed(2)})`
}

/** Two digits of ms, for what is about small differences. */
export function formatFine({ value }: Estimate, unit: MetricUnit): string {
  if (value === undefined) return ABSENT
  return unit === 'ms' ? `${fixed(value, 2)}ms` : formatValue(value, unit)
}

/** Only a reason that says what it takes is short enough for a cell. */
function formatAbsent(reason: string): string {
  return /^needs \d+$/.test(reason) ? `${ABSENT} (${reason})` : ABSENT
}

function signed(printed: string, value: number): string {
  return value > 0 && !/^0(?:\.0+)?\D*$/.test(printed) ? `+${printed}` : printed
}

function formatValue(value: number, unit: MetricUnit): string {
  switch (unit) {
    case 'ms':
      return `${fixed(value, 1)}ms`
    case 'rps':
      return fixed(value, 3)
    case 'ratio':
      return `${fixed(value * 100, 2)}%`
    case 'tps':
    case 'count':
      return fixed(value, 1)
  }
}

/** As `toFixed`, but what rounds to nothing has no sign. */
function fixed(value: number, digits: number): string {
  const printed = value.toFixed(digits)
  return Number(printed) === 0 ? (0).toFixed(digits) : printed
}
