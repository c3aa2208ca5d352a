import type { Level } from '../model/level.ts'
import type { Measurement } from '../model/measurement.ts'
import type { Plan } from '../model/plan.ts'
import { ONLY_HAND } from '../schedule/deal.ts'
import { type Stage, stagesOf } from '../schedule/stages.ts'
import { ArmTally } from './arm-tally.ts'
import { watchProcessLoad } from './client-load.ts'
import { LevelSender, type LevelSending } from './level-sender.ts'
import type { RunContext } from './run-plan.ts'

/** Runs one level: connections and one uncounted wave for each endpoint, then the stages in their order. */
export async function runLevel(
  plan: Plan,
  levelIndex: number,
  context: RunContext,
): Promise<Measurement[]> {
  const level = plan.levels[levelIndex]
  if (level === undefined) throw new Error(`no level ${levelIndex}`)
  const run = new LevelRun(plan, level, levelIndex, context)
  try {
    await run.warmUp()
    context.onLevelStart(levelIndex, () => run.measurements())
    await run.measure()
    return run.measurements()
  } finally {
    await run.close()
  }
}

class LevelRun {
  private readonly tallies: ArmTally[]
  private readonly sending: LevelSending
  private readonly plan: Plan
  private readonly levelIndex: number
  private readonly stages: readonly Stage[]
  private readonly context: RunContext
  /** A precision stop: complete, although not all planned requests were sent. */
  private enough = false

  constructor(plan: Plan, level: Level, levelIndex: number, context: RunContext) {
    this.plan = plan
    this.levelIndex = levelIndex
    this.context = context
    this.tallies = plan.endpoints.map(
      (endpoint) =>
        new ArmTally({
          endpoint,
          level,
          planned: plan.requests,
          redact: context.redact,
          onSample: (done, exchange) => context.onProgress({ endpoint, level, done, exchange }),
        }),
    )
    this.stages = stagesOf(plan, level, levelIndex)
    this.sending = this.openSending()
  }

  warmUp(): Promise<void> {
    return this.sending.warmUp()
  }

  async measure(): Promise<void> {
    const { stages } = this
    for (const [index, stage] of stages.entries()) {
      if (this.context.signal.aborted) return
      await this.runStage(stage)
      const lastOfRound = stages[index + 1]?.round !== stage.round
      if (lastOfRound && index + 1 < stages.length && !this.context.signal.aborted) {
        this.enough = !this.context.onRoundEnd(() => this.measurements())
        if (this.enough) return
      }
    }
  }

  /** What there is so far. */
  measurements(): Measurement[] {
    return this.tallies.map((tally) => {
      const measurement = tally.measurement()
      const short = measurement.samples.length < measurement.planned
      return { ...measurement, partial: this.context.signal.aborted || (short && !this.enough) }
    })
  }

  close(): Promise<void> {
    return this.sending.close()
  }

  private async runStage(stage: Stage): Promise<void> {
    const ends = await this.sending.runStage(stage)
    for (const [index, { endpoint }] of stage.blocks.entries()) {
      const end = ends[index]
      if (end !== undefined) this.tallies[this.plan.endpoints.indexOf(endpoint)]?.endRound(end)
    }
  }

  private openSending(): LevelSending {
    const { plan, levelIndex, stages, context, tallies } = this
    if (context.clientWorkers !== undefined) {
      return context.clientWorkers.openLevel({ plan, levelIndex, stages, tallies })
    }
    return new LevelSender({
      plan,
      levelIndex,
      context: { ...context, watchLoad: watchProcessLoad },
      sinks: tallies,
      hand: ONLY_HAND,
    })
  }
}
