import type { Endpoint } from '../model/endpoint.ts'
import type { Exchange } from '../model/exchange.ts'
import type { Level } from '../model/level.ts'
import type { ClientLoad, Measurement } from '../model/measurement.ts'
import { GroundTable } from '../model/ground.ts'
import type { ResponseFacts } from '../model/response-facts.ts'
import type { Slot } from '../model/sample.ts'
import type { SampleSink } from './arm.ts'
import { createErrorExamples } from './error-examples.ts'
import type { JudgedSamples } from './judging.ts'
import { createRecorder, type SamplePlace } from './recorder.ts'
import { StreamRecorder } from './stream-recorder.ts'

export interface ArmTallyOptions {
  readonly endpoint: Endpoint
  readonly level: Level
  /** Requests at this level. */
  readonly planned: number
  readonly redact: (text: string) => string
  readonly onSample: (done: number, exchange: Exchange) => void
}

/** What is known of a block besides its samples, when it is done. */
export interface BlockEnd {
  readonly load: ClientLoad
  /** Open loop: arrivals that waited because the most requests were in flight. */
  readonly heldBack: number
  readonly facts: readonly ResponseFacts[]
  /** One of each hand that sent; empty where replies are not judged. */
  readonly verdicts: readonly JudgedSamples[]
}

/** Gathers what came of the slots of one endpoint at one level. */
export class ArmTally implements SampleSink {
  private readonly recorder
  private readonly examples
  private readonly clientLoads: ClientLoad[] = []
  private readonly facts: ResponseFacts[] = []
  private streams: StreamRecorder | undefined
  private readonly grounds = new GroundTable()
  private judgedRows = 0
  private done = 0
  private rounds = 0
  private heldBack = 0
  private readonly options: ArmTallyOptions

  constructor(options: ArmTallyOptions) {
    this.options = options
    this.recorder = createRecorder(options.planned)
    this.examples = createErrorExamples(options.redact)
  }

  record(slot: Slot, exchange: Exchange, place: SamplePlace): void {
    this.recorder.record(slot, exchange, place)
    this.recordStream(exchange)
    this.done += 1
    this.options.onSample(this.done, exchange)
  }

  addFailure(exchange: Exchange): void {
    this.examples.add(exchange)
  }

  endRound({ load, heldBack, facts, verdicts }: BlockEnd): void {
    this.rounds += 1
    this.heldBack += heldBack
    this.clientLoads.push(load)
    this.facts.push(...facts)
    this.takeVerdicts(verdicts)
  }

  measurement(): Measurement {
    const { endpoint, level, planned } = this.options
    const samples = this.recorder.columns()
    const grounds = this.grounds.grounds()
    return {
      endpoint: endpoint.name,
      url: endpoint.url,
      level,
      planned,
      rounds: this.rounds,
      samples,
      errorExamples: this.examples.list(),
      clientLoads: [...this.clientLoads],
      facts: [...this.facts],
      heldBack: this.heldBack,
      ...(this.streams === undefined ? {} : { stream: this.streams.columns() }),
      ...(grounds.length === 0 ? {} : { grounds }),
      partial: false,
    }
  }

  /** Row by row beside the samples, from the first stream on. */
  private recordStream({ stream }: Exchange): void {
    if (stream !== undefined && this.streams === undefined) {
      this.streams = new StreamRecorder(this.options.planned, this.done)
    }
    this.streams?.record(stream)
  }

  /** Verdicts name their samples by sequence: with several hands rows come in any order. */
  private takeVerdicts(verdicts: readonly JudgedSamples[]): void {
    if (verdicts.length === 0) return
    const { length, sequence } = this.recorder.columns()
    const sent = sequence.subarray(this.judgedRows)
    const first = sent.reduce((least, one) => Math.min(least, one), Infinity)
    const last = sent.reduce((most, one) => Math.max(most, one), first)
    const rows = new Int32Array(sent.length === 0 ? 0 : last - first + 1).fill(-1)
    for (const [index, one] of sent.entries()) rows[one - first] = this.judgedRows + index
    this.judgedRows = length
    for (const { sequences, grounds, table } of verdicts) {
      const numbers = table.map((ground) => this.grounds.numberOf(ground))
      for (const [index, one] of sequences.entries()) {
        const row = rows[one - first] ?? -1
        const ground = numbers[(grounds[index] ?? 0) - 1]
        if (row >= 0 && ground !== undefined) this.recorder.judge(row, ground)
      }
    }
  }
}
