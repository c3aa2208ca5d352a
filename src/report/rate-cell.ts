import type { Rate } from '../model/detection.ts'
import { formatEstimate, formatRange } from './format.ts'

/** `79.75% (69.60% to 87.13%)`. */
export function rateCell({ value, interval }: Rate): string {
  const point = formatEstimate(value, 'ratio')
  return interval.value === undefined ? point : `${point} (${formatRange(interval, 'ratio')})`
}
