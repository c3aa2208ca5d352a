import type { Slo } from '../../model/budget.ts'
import type { Level } from '../../model/level.ts'
import type { Interval, OverheadRow } from '../../model/summary.ts'

type Bounds = Pick<Interval, 'low' | 'high'>

/** A number and its unit stay on one line. */
const NO_BREAK = '\u00A0'

/** `10 in flight`, or `20 a second`. */
export function levelWords({ concurrency, rate }: Level): string {
  return rate === undefined ? `${concurrency} in flight` : `${rate} a second`
}

/** `4.1 ms`, with two digits where `near` is a fine number, none where it is a coarse one. */
export function msWords(value: number, near = value): string {
  return `${digits(value, near)}${NO_BREAK}ms`
}

/** `+4.1 ms`. */
export function deltaWords(value: number, near = value): string {
  const printed = digits(value, near)
  return `${value > 0 && Number(printed) !== 0 ? '+' : ''}${printed}${NO_BREAK}ms`
}

/** `3.8 to 4.5`. */
export function intervalWords({ low, high }: Bounds, near = (high - low) / 2): string {
  return [digits(low, near), 'to', digits(high, near)].join(NO_BREAK)
}

export function percentWords(share: number): string {
  const percent = share * 100
  const fine = Math.abs(percent) < 10 || Math.abs(percent - 100) < 1
  return `${Number(percent.toFixed(fine ? 2 : 1))}${NO_BREAK}%`
}

/** `3.8 to 4.5 %`. */
export function percentRange({ low, high }: Bounds): string {
  return [percentWords(low).slice(0, -2), 'to', percentWords(high)].join(NO_BREAK)
}

/** `e2e within 200 ms`; of several limits all of them. */
export function sloWords({ ttftMs, tpotMs, e2eMs }: Slo): string {
  const limits = [
    ['ttft', ttftMs],
    ['tpot', tpotMs],
    ['e2e', e2eMs],
  ] as const
  return limits
    .flatMap(([name, ms]) => (ms === undefined ? [] : [`${name} within ${ms}${NO_BREAK}ms`]))
    .join(', ')
}

export function perSecondWords(rate: number): string {
  return `${rate.toFixed(rate < 10 ? 2 : 1)} a second`
}

function digits(value: number, near: number): string {
  const size = Math.abs(near)
  const printed = value.toFixed(size < 0.5 ? 2 : size < 200 ? 1 : 0)
  return Number(printed) === 0 ? printed.replace('-', '') : printed.replace('-', '−')
}

/** What a difference of latencies says. Four things, and no fifth: no interval is no answer, and no proof of none. */
export type Reading = 'slower' | 'faster' | 'not told from none' | 'no interval' | 'not measured'

export function readingOf({ delta, interval }: Pick<OverheadRow, 'delta' | 'interval'>): Reading {
  if (delta.value === undefined) return 'not measured'
  if (interval.value === undefined) return 'no interval'
  if (interval.value.low > 0) return 'slower'
  return interval.value.high < 0 ? 'faster' : 'not told from none'
}
