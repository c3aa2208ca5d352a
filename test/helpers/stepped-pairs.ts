import type { PairedLatencies } from '../../src/model/replay.ts'
import { wanderingSeries } from './series.ts'

export interface SteppedPairs {
  readonly count: number
  /** The first row, from 1, of the second regime; none without. */
  readonly changesAt?: number
  /** ms that the proxy adds, before and after. */
  readonly added: readonly [before: number, after: number]
  /** Spread of either side, ms. */
  readonly spread?: number
}

/**
 * Pairs around 4.2 s, as a busy provider gives them: each side wanders on its own, since the sides were measured one
 * after the other, and what the proxy adds changes once.
 */
export function steppedPairs({
  count,
  changesAt = count + 1,
  added,
  spread = 400,
}: SteppedPairs): PairedLatencies {
  const side = (name: string) =>
    wanderingSeries(name, count, 0.4).map((value) => 4200 + spread * value)
  return {
    baseline: side('direct'),
    candidate: side('proxy').map(
      (value, index) => value + (index + 1 < changesAt ? added[0] : added[1]),
    ),
    rows: Uint32Array.from({ length: count }, (_, index) => index + 1),
    leftOut: 0,
  }
}

/** As a CSV file. */
export function pairsCsv({ baseline, candidate }: PairedLatencies): string {
  const rows = Array.from(
    baseline,
    (direct, index) => `${direct.toFixed(3)},${(candidate[index] ?? 0).toFixed(3)}`,
  )
  return `direct_ms,proxy_ms\n${rows.join('\n')}\n`
}
