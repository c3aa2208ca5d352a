import type { Level } from '../../model/level.ts'
import type { Endpoint } from '../../model/endpoint.ts'
import type { Plan } from '../../model/plan.ts'
import type { Milliseconds } from '../../model/units.ts'
import { randomStreams } from '../../schedule/random-streams.ts'
import type { Stage } from '../../schedule/stages.ts'
import { createTransport } from '../../transport/create-transport.ts'
import type { PreparedRequest, Transport } from '../../transport/transport.ts'
import type { BlockEnd } from '../arm-tally.ts'
import { watchThreadLoad } from '../client-load.ts'
import { type CommonStart, LevelSender } from '../level-sender.ts'
import type { Judge, JudgeSetup } from '../judging.ts'
import { clockSince } from '../run-clock.ts'
import { warmUpSelf } from '../self-warm-up.ts'
import type { FromWorker, ToWorker, WorkerSetup } from './messages.ts'
import { unpackRequests } from './packed-requests.ts'
import { SampleBatcher } from './sample-batch.ts'

/** How often samples are sent on: often enough for progress and run file, rarely enough to cost nothing. */
const FLUSH_MS = 50

export interface SessionTools {
  readonly post: (message: FromWorker, transfer?: ArrayBuffer[]) => void
  readonly createJudge: (setup: JudgeSetup) => Judge
}

/** The work of one client worker: does what the messages ask for and posts what comes of it. */
export class WorkerSession {
  private readonly stopped = new AbortController()
  private readonly now: () => Milliseconds
  private readonly requests: readonly (readonly PreparedRequest[])[]
  private level:
    | { sender: LevelSender; stages: readonly Stage[]; samples: SampleBatcher }
    | undefined
  private readonly setup: WorkerSetup
  private readonly post: SessionTools['post']
  private readonly judge: Judge | undefined

  constructor(setup: WorkerSetup, { post, createJudge }: SessionTools) {
    this.setup = setup
    this.post = post
    this.judge = setup.judging && createJudge(setup.judging)
    this.now = clockSince(setup.clockOrigin)
    this.requests = setup.requests.map((packed) => unpackRequests(packed))
  }

  /** Warms this thread up, whose code is compiled for itself alone. */
  async begin(): Promise<void> {
    const request = this.requests[0]?.[0]
    if (this.setup.selfWarmUpMs > 0 && request !== undefined) {
      await warmUpSelf({
        createTransport: (url, connections) => this.openTransport(url, connections),
        request,
        durationMs: this.setup.selfWarmUpMs,
        signal: this.stopped.signal,
      })
    }
    this.done()
  }

  async take(message: ToWorker): Promise<void> {
    switch (message.kind) {
      case 'stop':
        this.stopped.abort()
        return
      case 'level':
        await this.openLevel(message)
        this.done()
        return
      case 'stage':
        this.done(await this.runStage(message.index, message.common))
        return
      case 'end-level':
        await this.level?.sender.close()
        this.level = undefined
        this.done()
    }
  }

  private async openLevel(message: ToWorker & { kind: 'level' }): Promise<void> {
    const { plan, levelIndex, stages, hand } = message
    const samples = new SampleBatcher(this.now, (batch) =>
      this.post({ kind: 'samples', batch }, [batch.rows.buffer, batch.streams.buffer]),
    )
    const sender = new LevelSender({
      plan,
      levelIndex,
      hand,
      sinks: plan.endpoints.map((_, arm) => samples.sinkOf(arm)),
      context: this.contextOf(plan),
    })
    this.level = { sender, stages, samples }
    await sender.warmUp()
  }

  private async runStage(index: number, common: CommonStart): Promise<BlockEnd[]> {
    const stage = this.level?.stages[index]
    if (this.level === undefined || stage === undefined) throw new Error(`no stage ${index}`)
    const { sender, samples } = this.level
    const timer = setInterval(() => samples.flush(), FLUSH_MS)
    try {
      return await sender.runStage(stage, common)
    } finally {
      clearInterval(timer)
      samples.flush()
    }
  }

  private contextOf(plan: Plan) {
    const { now, requests, judge } = this
    return {
      createTransport: ({ url }: Endpoint, { concurrency }: Level) =>
        this.openTransport(new URL(url), concurrency),
      requestsOf: (endpoint: Endpoint) => requests[plan.endpoints.indexOf(endpoint)] ?? [],
      createRandom: randomStreams(plan.seed),
      now,
      watchLoad: watchThreadLoad,
      judge,
      signal: this.stopped.signal,
    }
  }

  private openTransport(url: URL, connections: number): Transport {
    const { client } = this.setup
    return createTransport(client.client, { ...client, url, connections, now: this.now })
  }

  private done(ends: readonly BlockEnd[] = []): void {
    this.post({ kind: 'done', ends })
  }
}
