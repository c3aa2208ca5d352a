import type { Endpoint } from '../model/endpoint.ts'
import type { Level } from '../model/level.ts'
import type { Plan } from '../model/plan.ts'
import type { Slot } from '../model/sample.ts'
import type { Milliseconds } from '../model/units.ts'
import { createClosedLoop } from '../schedule/closed-loop.ts'
import { dealt, dealtSlots, type Hand } from '../schedule/deal.ts'
import { drawFirstTurns } from '../schedule/first-turns.ts'
import { createOpenLoop } from '../schedule/open-loop.ts'
import { createTraceparents } from '../schedule/trace-ids.ts'
import type { Block, Stage } from '../schedule/stages.ts'
import { warmupRequestsOf, waveOf } from '../schedule/warm-up.ts'
import type { PreparedRequest, Transport } from '../transport/transport.ts'
import { Arm, type SampleSink } from './arm.ts'
import type { BlockEnd } from './arm-tally.ts'
import type { LoadWatch } from './client-load.ts'
import { runClosedLoop } from './closed-loop-runner.ts'
import type { Judge } from './judging.ts'
import { runOpenLoop } from './open-loop-runner.ts'
import { runPaired } from './paired-runner.ts'

/** Sends the requests of one level: from this thread, or through client workers. */
export interface LevelSending {
  /** Opens the connections and sends the requests that do not count. */
  warmUp(): Promise<void>
  /** Resolves, when nothing is under way, to the ends of the stage's blocks, in their order. */
  runStage(stage: Stage): Promise<readonly BlockEnd[]>
  close(): Promise<void>
}

/** What sending needs from outside. */
export interface SendingContext {
  readonly createTransport: (endpoint: Endpoint, level: Level) => Transport
  readonly requestsOf: (endpoint: Endpoint) => readonly PreparedRequest[]
  readonly createRandom: (key: string) => () => number
  readonly now: () => Milliseconds
  readonly watchLoad: LoadWatch
  /** Absent where replies are not judged. */
  readonly judge?: Judge | undefined
  readonly signal: AbortSignal
}

export interface LevelSenderOptions {
  readonly plan: Plan
  readonly levelIndex: number
  readonly context: SendingContext
  /** One for each of the plan's endpoints. */
  readonly sinks: readonly SampleSink[]
  /** The part of the level that is sent from here. */
  readonly hand: Hand
}

/** What the hands of a stage have in common. */
export interface CommonStart {
  /** When an open loop's schedule begins. */
  readonly startAt: Milliseconds
  /** The next position of each block of a closed loop. */
  readonly positions: Uint32Array
}

/** Sends one hand's part of a level from this thread. */
export class LevelSender implements LevelSending {
  private readonly arms: Arm[]
  private readonly level: Level
  private readonly options: LevelSenderOptions

  constructor(options: LevelSenderOptions) {
    const { plan, levelIndex, context, sinks, hand } = options
    this.options = options
    const level = plan.levels[levelIndex]
    if (level === undefined) throw new Error(`no level ${levelIndex}`)
    this.level = level
    const part = { ...level, concurrency: dealt(level.concurrency, hand) }
    this.arms = plan.endpoints.map((endpoint, index) => {
      const sink = sinks[index]
      if (sink === undefined) throw new Error(`no sink for ${endpoint.name}`)
      return new Arm({
        endpoint,
        planned: plan.requests,
        transport: context.createTransport(endpoint, part),
        requests: context.requestsOf(endpoint),
        sink,
        ...traceparentsOf(plan, endpoint, levelIndex),
        judge: context.judge,
      })
    })
  }

  async warmUp(): Promise<void> {
    const { plan, context, hand } = this.options
    const wave = waveOf(this.level)
    const requests = warmupRequestsOf(plan, this.level)
    const { promptCount } = plan
    const seat = seatAt(wave, hand)
    for (const arm of this.arms) {
      if (context.signal.aborted) return
      await arm.transport.open()
      if (seat === undefined) continue
      // Dealt out and not claimed: a quick hand must not leave another's connections cold.
      const slots = createClosedLoop({ requests, promptCount, jitterMs: 0, random: () => 0 })
      await runClosedLoop({
        concurrency: dealt(wave, hand),
        next: dealtSlots(slots, seat),
        perform: (slot, done) => arm.sendUncounted(slot, done),
        cancel: () => arm.transport.cancel(),
        signal: context.signal,
      })
    }
  }

  /** `common` is what the hands share; left out where there is one hand only. */
  async runStage(stage: Stage, common?: CommonStart): Promise<BlockEnd[]> {
    const watch = this.options.context.watchLoad(stage.round)
    const heldBack =
      stage.kind === 'paired'
        ? await this.runPairs(stage, common)
        : await Promise.all(stage.blocks.map((block, index) => this.runBlock(block, index, common)))
    const load = watch.stop()
    const ends: BlockEnd[] = []
    for (const [index, block] of stage.blocks.entries()) {
      const arm = this.armOf(block)
      const judged = await arm.takeVerdicts()
      ends.push({
        load,
        heldBack: heldBack[index] ?? 0,
        facts: arm.takeFacts(),
        verdicts: judged === undefined ? [] : [judged],
      })
    }
    return ends
  }

  async close(): Promise<void> {
    await Promise.all(this.arms.map((arm) => arm.transport.close()))
  }

  /** Resolves to the arrivals held back. */
  private async runBlock(block: Block, index: number, common?: CommonStart): Promise<number> {
    const { plan, context, hand } = this.options
    const { signal, now } = context
    const arm = this.armOf(block)
    const cancel = () => arm.transport.cancel()
    const concurrency = dealt(block.concurrency, hand)
    const seat = seatAt(block.concurrency, hand)
    const { rate } = this.level
    if (seat === undefined) return 0
    if (rate === undefined) {
      const perform = (slot: Slot, done: () => void) =>
        arm.send(slot, { round: block.round, intendedAt: undefined }, done)
      const next = createClosedLoop({ ...this.slotsOf(block), claim: claimFrom(common, index) })
      await runClosedLoop({ concurrency, next, perform, cancel, signal })
      return 0
    }
    const perform = (slot: Slot, done: () => void, intendedAt: number) =>
      arm.send(slot, { round: block.round, intendedAt }, done)
    const arrivals = createOpenLoop({ ...this.slotsOf(block), rate, arrival: plan.arrival })
    const next = dealtSlots(arrivals, seat)
    const startAt = common?.startAt
    return runOpenLoop({ mostInFlight: concurrency, next, perform, cancel, now, startAt, signal })
  }

  private async runPairs(stage: Stage, common?: CommonStart): Promise<number[]> {
    const { context, hand, levelIndex } = this.options
    const [first] = stage.blocks
    if (first === undefined) return []
    const arms = stage.blocks.map((block) => this.armOf(block))
    const random = context.createRandom(`pairs/${levelIndex}/${stage.round}`)
    const turns = drawFirstTurns(first.requests, arms.length, random)
    await runPaired({
      concurrency: dealt(first.concurrency, hand),
      next: createClosedLoop({ ...this.slotsOf(first), claim: claimFrom(common, 0) }),
      arms,
      round: stage.round,
      firstTurn: ({ sequence }) => turns[sequence - first.firstSequence] ?? 0,
      signal: context.signal,
    })
    return []
  }

  private slotsOf({ firstSequence, requests, round }: Block) {
    const { plan, context, levelIndex } = this.options
    const { promptCount, jitterMs } = plan
    // The same pauses and arrivals for every endpoint of a round: they are part of what is kept equal.
    const random = context.createRandom(`slots/${levelIndex}/${round}`)
    return { firstSequence, requests, promptCount, jitterMs, random }
  }

  private armOf(block: Block): Arm {
    const arm = this.arms.find(({ endpoint }) => endpoint === block.endpoint)
    if (arm === undefined) throw new Error(`no arm for ${block.endpoint.name}`)
    return arm
  }
}

function traceparentsOf({ traceKey }: Plan, { name: endpoint }: Endpoint, levelIndex: number) {
  if (traceKey === undefined) return {}
  const scope = { traceKey, endpoint, levelIndex }
  const counted = createTraceparents(scope)
  return { traceparents: { counted, uncounted: createTraceparents({ ...scope, warmUp: true }) } }
}

/** The hand among those that a load of `concurrency` goes round; undefined where it gets none of it. */
function seatAt(concurrency: number, { index, count }: Hand): Hand | undefined {
  return index < concurrency ? { index, count: Math.min(count, concurrency) } : undefined
}

/** Counts on in memory that the hands share, so that each position of a block is claimed once. */
function claimFrom(common: CommonStart | undefined, block: number): (() => number) | undefined {
  if (common === undefined) return undefined
  const { positions } = common
  return () => Atomics.add(positions, block, 1)
}
