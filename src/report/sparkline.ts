const BARS = '▁▂▃▄▅▆▇█'

/** The bars span this share of the greatest value at least, or noise would look like news. */
const LEAST_SPAN = 0.2

/** Values as bars, the greatest the highest; a gap where there is none. */
export function sparkline(values: readonly (number | undefined)[]): string {
  const known = values.filter((value) => value !== undefined)
  const greatest = Math.max(...known)
  const least = Math.min(...known, greatest - LEAST_SPAN * Math.abs(greatest))
  const span = greatest - least
  return values
    .map((value) => {
      if (value === undefined) return ' '
      const share = span > 0 ? (value - least) / span : 0
      return BARS[Math.min(BARS.length - 1, Math.floor(share * BARS.length))]
    })
    .join('')
}
