import type { Plan } from '../../model/plan.ts'
import type { Milliseconds } from '../../model/units.ts'
import type { Stage } from '../../schedule/stages.ts'
import type { SampleSink } from '../arm.ts'
import type { BlockEnd } from '../arm-tally.ts'
import { worstLoad } from '../client-load.ts'
import type { CommonStart, LevelSending } from '../level-sender.ts'
import type { ToWorker } from './messages.ts'
import { SampleMerge } from './sample-merge.ts'
import type { WorkerLink } from './worker-link.ts'

/** From the word to begin until an open loop's schedule does: longer than the word takes to arrive. */
const LEAD_MS = 10

export interface RelayedLevel {
  readonly plan: Plan
  readonly levelIndex: number
  readonly stages: readonly Stage[]
  /** One for each of the plan's endpoints. */
  readonly tallies: readonly SampleSink[]
}

/** One level sent by client workers, each with its hand of the whole. */
export class LevelRelay implements LevelSending {
  private readonly merge: SampleMerge
  private readonly level: RelayedLevel
  private readonly links: readonly WorkerLink[]
  private readonly now: () => Milliseconds

  /** `links` are the workers that take part: no more than there are requests in flight. */
  constructor(level: RelayedLevel, links: readonly WorkerLink[], now: () => Milliseconds) {
    this.level = level
    this.links = links
    this.now = now
    const { tallies } = level
    this.merge = new SampleMerge(links.length, ({ arm, slot, exchange, place }) =>
      tallies[arm]?.record(slot, exchange, place),
    )
    for (const [worker, link] of links.entries()) {
      link.onSamples = (batch) => {
        for (const { arm, exchange } of batch.failures) tallies[arm]?.addFailure(exchange)
        this.merge.add(worker, batch)
      }
    }
  }

  async warmUp(): Promise<void> {
    const { plan, levelIndex, stages } = this.level
    const count = this.links.length
    await this.askAll((index) => ({
      kind: 'level',
      plan,
      levelIndex,
      stages,
      hand: { index, count },
    }))
  }

  async runStage(stage: Stage): Promise<BlockEnd[]> {
    const common: CommonStart = {
      startAt: this.now() + LEAD_MS,
      positions: new Uint32Array(new SharedArrayBuffer(4 * stage.blocks.length)),
    }
    const index = this.level.stages.indexOf(stage)
    this.merge.begin()
    const ends = await this.askAll(
      () => ({ kind: 'stage', index, common }),
      (worker) => this.merge.finish(worker),
    )
    return stage.blocks.map((_, block) => joinEnds(ends.flatMap((one) => one[block] ?? [])))
  }

  async close(): Promise<void> {
    await this.askAll(() => ({ kind: 'end-level' }))
  }

  private askAll(
    messageTo: (worker: number) => ToWorker,
    onAnswer: (worker: number) => void = () => {},
  ): Promise<(readonly BlockEnd[])[]> {
    return Promise.all(
      this.links.map(async (link, worker) => {
        const ends = await link.ask(messageTo(worker))
        onAnswer(worker)
        return ends
      }),
    )
  }
}

/** A block's end from those of its hands: the load is the worst hand's, because that one's latencies suffer most. */
function joinEnds(ends: readonly BlockEnd[]): BlockEnd {
  return {
    load: worstLoad(ends.map(({ load }) => load)),
    heldBack: ends.reduce((sum, { heldBack }) => sum + heldBack, 0),
    facts: ends.flatMap(({ facts }) => facts),
    verdicts: ends.flatMap(({ verdicts }) => verdicts),
  }
}
