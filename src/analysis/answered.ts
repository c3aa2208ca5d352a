import type { Ground } from '../model/ground.ts'
import type { Measurement } from '../model/measurement.ts'
import { isOk } from './latencies.ts'

/** What a row's verdict rests on; undefined where it was not judged. */
export function groundAt({ samples, grounds }: Measurement, row: number): Ground | undefined {
  return grounds?.[(samples.verdict?.[row] ?? 0) - 1]
}

/** Blocked, or refused by the endpoint without the proxy as well: no model answered. */
export function isRefused(measurement: Measurement, row: number): boolean {
  const ground = groundAt(measurement, row)
  return ground !== undefined && isRefusal(ground)
}

/** As `isRefused`, of what a verdict rests on. */
export function isRefusal({ kind, reason }: Ground): boolean {
  return kind === 'blocked' || reason === 'refused-without-proxy'
}

/**
 * Ok and not blocked: what a comparison is about. A block comes fast, and would make the proxy look fast. Without
 * verdicts it is all that is ok.
 */
export function isAnswered(measurement: Measurement, row: number): boolean {
  return isOk(measurement, row) && !isRefused(measurement, row)
}
