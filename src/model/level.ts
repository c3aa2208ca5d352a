import type { PerSecond } from './units.ts'

/** One offered load. */
export interface Level {
  /** Requests in flight: kept up in a closed loop, the most allowed in an open one. */
  readonly concurrency: number
  /** Arrivals per second of an open loop; absent in a closed one. */
  readonly rate?: PerSecond | undefined
}

/** `concurrency 5`, or `rate 20/s`. */
export function nameLevel({ concurrency, rate }: Level): string {
  return rate === undefined ? `concurrency ${concurrency}` : `rate ${rate}/s`
}

export function sameLevel(one: Level, other: Level): boolean {
  return one.concurrency === other.concurrency && one.rate === other.rate
}
