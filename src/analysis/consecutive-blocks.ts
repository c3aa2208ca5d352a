import { sortSample } from '../stats/quantile.ts'
import type { MetricInput, RoundsView } from './level-view.ts'

/** The ok requests of an endpoint at a level, in the order in which they ended. */
export interface EndedRequests {
  /** ms. */
  readonly latencies: ArrayLike<number>
  /** When each ended, ms; undefined where only latencies were kept. */
  readonly endedAt: ArrayLike<number> | undefined
  /** When the first was sent, ms. */
  readonly firstSentAt: number
}

/**
 * Equal blocks of consecutive requests in place of rounds, where an endpoint was measured in one piece. A block lasts
 * from the end of the one before to its own last end, as in batch means (Conway 1963).
 */
export class ConsecutiveBlocks implements RoundsView {
  private readonly blocks: readonly MetricInput[]

  constructor(ended: EndedRequests, count: number) {
    const total = ended.latencies.length
    let before = ended.firstSentAt
    this.blocks = Array.from({ length: count }, (_, block) => {
      const from = Math.floor((total * block) / count)
      const to = Math.floor((total * (block + 1)) / count)
      const until = ended.endedAt?.[to - 1] ?? before
      const durationMs = until - before
      before = until
      return inputOf(Array.prototype.slice.call(ended.latencies, from, to) as number[], durationMs)
    })
  }

  get rounds(): number {
    return this.blocks.length
  }

  all(): MetricInput {
    return join(this.blocks)
  }

  without(round: number): MetricInput {
    return join(this.blocks.filter((_, index) => index !== round))
  }

  only(round: number): MetricInput {
    return join(this.blocks.slice(round, round + 1))
  }
}

function inputOf(latencies: readonly number[], durationMs: number): MetricInput {
  const count = latencies.length
  return { requests: count, ok: count, errors: 0, durationMs, latencies: sortSample(latencies) }
}

function join(blocks: readonly MetricInput[]): MetricInput {
  const latencies = new Float64Array(blocks.reduce((sum, { ok }) => sum + ok, 0))
  let position = 0
  let durationMs = 0
  for (const block of blocks) {
    latencies.set(block.latencies, position)
    position += block.ok
    durationMs += block.durationMs
  }
  return {
    requests: latencies.length,
    ok: latencies.length,
    errors: 0,
    durationMs,
    latencies: sortSample(latencies),
  }
}
