import type { HrTime } from '@opentelemetry/api'
import type { Milliseconds } from '../model/units.ts'

/** Who the numbers are from. */
export const SCOPE = { name: 'llmtrace-bench' }

/** Unix times in ms. */
export interface TimeSpan {
  readonly fromMs: Milliseconds
  readonly toMs: Milliseconds
}

/** Unix time in ms as seconds and nanoseconds. */
export function toHrTime(unixMs: Milliseconds): HrTime {
  const seconds = Math.floor(unixMs / 1000)
  return [seconds, Math.min(999_999_999, Math.round((unixMs - seconds * 1000) * 1e6))]
}
