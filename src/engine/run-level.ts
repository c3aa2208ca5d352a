import type { Level } from '../model/level.ts'
import type { Measurement } from '../model/measurement.ts'
import type { Plan } from '../model/plan.ts'
import type { Slot } from '../model/sample.ts'
import { createClosedLoop } from '../schedule/closed-loop.ts'
import { createOpenLoop } from '../schedule/open-loop.ts'
import { type Block, type Stage, stagesOf } from '../schedule/stages.ts'
import { Arm } from './arm.ts'
import { watchClientLoad } from './client-load.ts'
import { runClosedLoop } from './closed-loop-runner.ts'
import { runOpenLoop } from './open-loop-runner.ts'
import { runPaired } from './paired-runner.ts'
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
  private readonly arms: Arm[]
  private readonly plan: Plan
  private readonly level: Level
  private readonly levelIndex: number
  private readonly context: RunContext
  /** A precision stop: complete, although not all planned requests were sent. */
  private enough = false

  constructor(plan: Plan, level: Level, levelIndex: number, context: RunContext) {
    this.plan = plan
    this.level = level
    this.levelIndex = levelIndex
    this.context = context
    this.arms = plan.endpoints.map(
      (endpoint) =>
        new Arm({
          endpoint,
          level,
          planned: plan.requests,
          transport: context.createTransport(endpoint, level),
          requests: context.requestsOf(endpoint),
          redact: context.redact,
          onSample: (done, exchange) => context.onProgress({ endpoint, level, done, exchange }),
        }),
    )
  }

  async warmUp(): Promise<void> {
    const { concurrency, rate } = this.level
    // An open loop rarely has all its connections in use: a second's arrivals warm it well enough.
    const wave = rate === undefined ? concurrency : Math.min(concurrency, Math.ceil(rate))
    const requests = this.plan.warmupRequests ?? wave
    const { promptCount } = this.plan
    for (const arm of this.arms) {
      if (this.context.signal.aborted) return
      await arm.transport.open()
      await runClosedLoop({
        concurrency: wave,
        next: createClosedLoop({ requests, promptCount, jitterMs: 0, random: () => 0 }),
        perform: (slot, done) => arm.sendUncounted(slot, done),
        cancel: () => arm.transport.cancel(),
        signal: this.context.signal,
      })
    }
  }

  async measure(): Promise<void> {
    const stages = stagesOf(this.plan, this.level, this.levelIndex)
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
    return this.arms.map((arm) => {
      const measurement = arm.measurement()
      const short = measurement.samples.length < measurement.planned
      return { ...measurement, partial: this.context.signal.aborted || (short && !this.enough) }
    })
  }

  async close(): Promise<void> {
    await Promise.all(this.arms.map((arm) => arm.transport.close()))
  }

  private async runStage(stage: Stage): Promise<void> {
    const load = watchClientLoad(stage.round)
    const heldBack =
      stage.kind === 'paired'
        ? await this.runPairs(stage)
        : await Promise.all(stage.blocks.map((block) => this.runBlock(block)))
    const seen = load.stop()
    for (const [index, block] of stage.blocks.entries()) {
      this.armOf(block).endRound(seen, heldBack[index] ?? 0)
    }
  }

  /** Resolves to the arrivals held back. */
  private async runBlock(block: Block): Promise<number> {
    const arm = this.armOf(block)
    const { signal, now } = this.context
    const cancel = () => arm.transport.cancel()
    const { rate } = this.level
    if (rate === undefined) {
      const perform = (slot: Slot, done: () => void) =>
        arm.send(slot, { round: block.round, intendedAt: undefined }, done)
      const next = createClosedLoop(this.slotsOf(block))
      await runClosedLoop({ concurrency: block.concurrency, next, perform, cancel, signal })
      return 0
    }
    const perform = (slot: Slot, done: () => void, intendedAt: number) =>
      arm.send(slot, { round: block.round, intendedAt }, done)
    const next = createOpenLoop({ ...this.slotsOf(block), rate, arrival: this.plan.arrival })
    return runOpenLoop({ mostInFlight: block.concurrency, next, perform, cancel, now, signal })
  }

  private async runPairs(stage: Stage): Promise<number[]> {
    const [first] = stage.blocks
    if (first === undefined) return []
    await runPaired({
      concurrency: first.concurrency,
      next: createClosedLoop(this.slotsOf(first)),
      arms: stage.blocks.map((block) => this.armOf(block)),
      round: stage.round,
      random: this.context.createRandom(`pairs/${this.levelIndex}/${stage.round}`),
      signal: this.context.signal,
    })
    return []
  }

  private slotsOf({ firstSequence, requests, round }: Block) {
    const { promptCount, jitterMs } = this.plan
    // The same pauses and arrivals for every endpoint of a round: they are part of what is kept equal.
    const random = this.context.createRandom(`slots/${this.levelIndex}/${round}`)
    return { firstSequence, requests, promptCount, jitterMs, random }
  }

  private armOf(block: Block): Arm {
    const arm = this.arms.find(({ endpoint }) => endpoint === block.endpoint)
    if (arm === undefined) throw new Error(`no arm for ${block.endpoint.name}`)
    return arm
  }
}
