import type { Measurement } from '../model/measurement.ts'

/** The most requests that were under way at one time, ours that had ended at the same instant as another began left out. */
export function mostInFlight({ samples }: Measurement): number {
  const sentAt = Float64Array.from(samples.sentAt)
  const endedAt = Float64Array.from(samples.endedAt)
  sentAt.sort()
  endedAt.sort()
  let most = 0
  let ended = 0
  for (const [sent, at] of sentAt.entries()) {
    while ((endedAt[ended] ?? Infinity) <= at) ended += 1
    most = Math.max(most, sent + 1 - ended)
  }
  return most
}
