import type { Arrival } from './arrival.ts'

export interface ArrivalPage {
  /** How many there are without the limit. */
  readonly total: number
  readonly entries: readonly Arrival[]
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

  /**
   * The arrivals that a query asks for: numbered above `since` (0), the first `limit` (1000) of them, and with `case`
   * only those of that case.
   */
  read(query: URLSearchParams): ArrivalPage {
    const since = Number(query.get('since') ?? 0) || 0
    const most = Number(query.get('limit') ?? 1000) || 1000
    const caseId = query.get('case')
    const found = this.entries
      .slice(-this.limit)
      .filter((one) => one.sequence > since && (caseId === null || one.caseId === caseId))
    return { total: found.length, entries: found.slice(0, most) }
  }

  clear(): void {
    this.entries = []
  }
}
