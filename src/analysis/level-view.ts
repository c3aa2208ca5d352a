import type { Measurement } from '../model/measurement.ts'
import { OUTCOMES } from '../model/outcome.ts'
import { type SortedSample, sortSample, withoutPart } from '../stats/quantile.ts'
import { isOk, latencyOf } from './latencies.ts'

/** What a metric is computed from: a measurement, or some of its rounds. */
export interface MetricInput {
  /** Requests that ended by themselves; those that our own stop cancelled are neither ok nor errors. */
  readonly requests: number
  readonly ok: number
  readonly errors: number
  /** Sum over rounds of first send to last end. */
  readonly durationMs: number
  /** E2E latencies of the `ok` requests, ms. */
  readonly latencies: SortedSample
}

/** Samples by rounds, for metrics of all of them, of all but one, and of one alone. */
export interface RoundsView {
  all(): MetricInput
  without(round: number): MetricInput
  only(round: number): MetricInput
}

interface RoundTally {
  requests: number
  ok: number
  firstSentAt: number
  lastEndedAt: number
  /** Latencies kept, and the values: counted first, because arrays that grow took 100 MB for a million samples. */
  kept: number
  latencies: Float64Array
}

const CANCELLED = OUTCOMES.indexOf('cancelled')

/** What of a measurement a view shows; all of it where nothing is said. */
export interface ViewChoice {
  /** Sequences whose latencies count; requests count whole. */
  readonly keepLatency?: ((sequence: number) => boolean) | undefined
  /** Rows that count as not sent, such as blocks; the time that they took stays. */
  readonly leaveOut?: ((row: number) => boolean) | undefined
}

/** A measurement by rounds. */
export class LevelView implements RoundsView {
  private readonly tallies: RoundTally[] = []
  /** Sorted once, when first asked for: of all rounds, and of each. */
  private sorted: SortedSample | undefined
  private readonly sortedRounds: SortedSample[] = []

  constructor(measurement: Measurement, choice: ViewChoice = {}) {
    const { keepLatency = () => true, leaveOut = () => false } = choice
    const { samples } = measurement
    for (let row = 0; row < samples.length; row += 1) {
      const tally = this.tallyOf(samples.round[row] ?? 0)
      tally.firstSentAt = Math.min(tally.firstSentAt, samples.sentAt[row] ?? 0)
      tally.lastEndedAt = Math.max(tally.lastEndedAt, samples.endedAt[row] ?? 0)
      if (samples.outcome[row] === CANCELLED || leaveOut(row)) continue
      tally.requests += 1
      if (!isOk(measurement, row)) continue
      tally.ok += 1
      if (keepLatency(samples.sequence[row] ?? 0)) tally.kept += 1
    }
    this.fillLatencies(measurement, { keepLatency, leaveOut })
  }

  /** Rounds with samples. */
  get rounds(): number {
    return this.tallies.length
  }

  all(): MetricInput {
    return { ...countsOf(this.tallies), latencies: this.allSorted() }
  }

  without(round: number): MetricInput {
    const others = this.tallies.filter((_, index) => index !== round)
    return {
      ...countsOf(others),
      latencies: withoutPart(this.allSorted(), this.roundSorted(round)),
    }
  }

  only(round: number): MetricInput {
    const own = this.tallies.slice(round, round + 1)
    return { ...countsOf(own), latencies: this.roundSorted(round) }
  }

  private allSorted(): SortedSample {
    this.sorted ??= sortSample(joined(this.tallies.map(({ latencies }) => latencies)))
    return this.sorted
  }

  private roundSorted(round: number): SortedSample {
    const latencies = this.tallies[round]?.latencies ?? new Float64Array()
    return (this.sortedRounds[round] ??= sortSample(latencies))
  }

  private fillLatencies(
    measurement: Measurement,
    { keepLatency, leaveOut }: Defined<ViewChoice>,
  ): void {
    const { samples } = measurement
    for (const tally of this.tallies) {
      tally.latencies = new Float64Array(tally.kept)
      tally.kept = 0
    }
    for (let row = 0; row < samples.length; row += 1) {
      if (!isOk(measurement, row) || leaveOut(row)) continue
      if (!keepLatency(samples.sequence[row] ?? 0)) continue
      const tally = this.tallyOf(samples.round[row] ?? 0)
      tally.latencies[tally.kept] = latencyOf(measurement, row)
      tally.kept += 1
    }
  }

  private tallyOf(round: number): RoundTally {
    while (this.tallies.length <= round) {
      this.tallies.push({
        requests: 0,
        ok: 0,
        firstSentAt: Number.POSITIVE_INFINITY,
        lastEndedAt: Number.NEGATIVE_INFINITY,
        kept: 0,
        latencies: new Float64Array(),
      })
    }
    return this.tallies[round] as RoundTally
  }
}

type Defined<T> = { readonly [K in keyof T]-?: NonNullable<T[K]> }

function countsOf(tallies: readonly RoundTally[]): Omit<MetricInput, 'latencies'> {
  let requests = 0
  let ok = 0
  let durationMs = 0
  for (const tally of tallies) {
    requests += tally.requests
    ok += tally.ok
    durationMs += Math.max(0, tally.lastEndedAt - tally.firstSentAt)
  }
  return { requests, ok, errors: requests - ok, durationMs }
}

function joined(pieces: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(pieces.reduce((sum, { length }) => sum + length, 0))
  let position = 0
  for (const piece of pieces) {
    whole.set(piece, position)
    position += piece.length
  }
  return whole
}
