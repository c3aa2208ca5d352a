import { sortSample } from '../stats/quantile.ts'
import type { MetricInput, RoundsView } from './level-view.ts'

/** Values of one metric by rounds, for its statistics over all rounds, all but one, and one alone. */
export class ValueRounds implements RoundsView {
  private readonly rounds: GrowingSample[] = []

  add(round: number, value: number | ArrayLike<number>): void {
    while (this.rounds.length <= round) this.rounds.push(new GrowingSample())
    this.rounds[round]?.add(value)
  }

  get count(): number {
    return this.rounds.reduce((sum, { length }) => sum + length, 0)
  }

  all(): MetricInput {
    return joined(this.rounds)
  }

  without(round: number): MetricInput {
    return joined(this.rounds.filter((_, index) => index !== round))
  }

  only(round: number): MetricInput {
    return joined(this.rounds.slice(round, round + 1))
  }
}

/** Numbers as they come: an array of a million objects' worth of numbers would take twice the room. */
class GrowingSample {
  length = 0
  private values = new Float64Array(16)

  add(value: number | ArrayLike<number>): void {
    if (typeof value === 'number') {
      this.grow(1)
      this.values[this.length - 1] = value
      return
    }
    this.grow(value.length)
    this.values.set(value, this.length - value.length)
  }

  view(): Float64Array {
    return this.values.subarray(0, this.length)
  }

  private grow(by: number): void {
    this.length += by
    if (this.length <= this.values.length) return
    const larger = new Float64Array(Math.max(this.length, this.values.length * 2))
    larger.set(this.values)
    this.values = larger
  }
}

function joined(samples: readonly GrowingSample[]): MetricInput {
  const count = samples.reduce((sum, { length }) => sum + length, 0)
  const values = new Float64Array(count)
  let position = 0
  for (const sample of samples) {
    values.set(sample.view(), position)
    position += sample.length
  }
  return { requests: count, ok: count, errors: 0, durationMs: 0, latencies: sortSample(values) }
}
