import type { Estimate } from '../model/estimate.ts'

export type Unit = 'ms' | 'rps' | 'ratio'

const ABSENT = 'n/a'

/** `12.3ms`, `41.500` requests per second, `1.25%`; `n/a` where nothing was measured. */
export function formatEstimate({ value }: Estimate, unit: Unit): string {
  return value === undefined ? ABSENT : formatValue(value, unit)
}

/** As `formatEstimate`, with the sign that a difference needs. */
export function formatDelta({ value }: Estimate, unit: Unit): string {
  if (value === undefined) return ABSENT
  const printed = formatValue(value, unit)
  return value > 0 && !/^0(?:\.0+)?\D*$/.test(printed) ? `+${printed}` : printed
}

function formatValue(value: number, unit: Unit): string {
  switch (unit) {
    case 'ms':
      return `${fixed(value, 1)}ms`
    case 'rps':
      return fixed(value, 3)
    case 'ratio':
      return `${fixed(value * 100, 2)}%`
  }
}

/** As `toFixed`, but what rounds to nothing has no sign. */
function fixed(value: number, digits: number): string {
  const printed = value.toFixed(digits)
  return Number(printed) === 0 ? (0).toFixed(digits) : printed
}
