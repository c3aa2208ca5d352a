/** What the simulator saw of one request. Never holds the Authorization header. */
export interface Arrival {
  /** From 1. */
  readonly sequence: number
  /** ms since the simulator started. */
  readonly at: number
  readonly caseId: string | undefined
  readonly agentId: string | undefined
  readonly path: string
  /** FNV-1a of the messages in one notation, hexadecimal: tells equal prompts without keeping them. */
  readonly promptHash: string
  /** First 200 characters. */
  readonly lastUserText: string
  status: number | undefined
  fault: string | undefined
  serviceMs: number | undefined
  queueMs: number | undefined
  /** The client went away before the answer was sent. */
  aborted: boolean
}

/** Keeps the last `limit` arrivals. */
export class ArrivalLog {
  private entries: Arrival[] = []
  private readonly limit: number

  constructor(limit: number) {
    this.limit = limit
  }

  add(arrival: Arrival): void {
    this.entries.push(arrival)
    // Cut in halves and not one by one: shifting an array of 100,000 for each request would cost milliseconds.
    if (this.entries.length > this.limit * 2) this.entries = this.entries.slice(-this.limit)
  }

  /** Up to `most` arrivals with a sequence above `since`. */
  read(
    since: number,
    most: number,
  ): { readonly total: number; readonly entries: readonly Arrival[] } {
    const kept = this.entries.slice(-this.limit)
    const found = kept.filter((entry) => entry.sequence > since)
    return { total: found.length, entries: found.slice(0, most) }
  }

  clear(): void {
    this.entries = []
  }
}
