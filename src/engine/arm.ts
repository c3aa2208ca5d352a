import type { Endpoint } from '../model/endpoint.ts'
import type { Exchange } from '../model/exchange.ts'
import type { Level } from '../model/level.ts'
import type { ClientLoad, Measurement } from '../model/measurement.ts'
import type { ResponseFacts } from '../model/response-facts.ts'
import type { Slot } from '../model/sample.ts'
import { readResponseFacts } from '../transport/read-facts.ts'
import type { PreparedRequest, Transport } from '../transport/transport.ts'
import { createErrorExamples } from './error-examples.ts'
import { createRecorder, type SamplePlace } from './recorder.ts'

/** Answers looked at beyond their timing, a level: enough to see a cache, few enough to cost nothing. */
const INSPECTED = 200

export interface ArmOptions {
  readonly endpoint: Endpoint
  readonly level: Level
  readonly transport: Transport
  /** Requests at this level. */
  readonly planned: number
  /** The prompts' requests, by `promptIndex`. */
  readonly requests: readonly PreparedRequest[]
  readonly redact: (text: string) => string
  readonly onSample: (done: number, exchange: Exchange) => void
}

/** One endpoint at one level: sends its slots and gathers what came of them. */
export class Arm {
  readonly endpoint: Endpoint
  readonly transport: Transport
  private readonly recorder
  private readonly examples
  private readonly clientLoads: ClientLoad[] = []
  private readonly facts: ResponseFacts[] = []
  private readonly captured: { sequence: number; exchange: Exchange }[] = []
  private readonly stride: number
  private done = 0
  private rounds = 0
  private heldBack = 0
  private readonly options: ArmOptions

  constructor(options: ArmOptions) {
    this.options = options
    this.endpoint = options.endpoint
    this.transport = options.transport
    this.recorder = createRecorder(options.planned)
    this.examples = createErrorExamples(options.redact)
    this.stride = Math.max(1, Math.ceil(options.planned / INSPECTED))
  }

  /** Sends a slot and records what comes of it. */
  send(slot: Slot, place: SamplePlace, done: () => void): void {
    const inspected = slot.sequence % this.stride === 0
    const record = (exchange: Exchange) => {
      this.recorder.record(slot, exchange, place)
      this.done += 1
      if (exchange.outcome !== 'ok' && exchange.outcome !== 'cancelled') this.examples.add(exchange)
      else if (inspected) this.captured.push({ sequence: slot.sequence, exchange })
      this.options.onSample(this.done, exchange)
      done()
    }
    this.transport.send(this.requestOf(slot), record, inspected)
  }

  /** Sends a slot that does not count. */
  sendUncounted(slot: Slot, done: () => void): void {
    this.transport.send(this.requestOf(slot), done)
  }

  /** Outside the timed path: reads what the captured answers say of themselves. */
  endRound(load: ClientLoad, heldBack: number): void {
    this.rounds += 1
    this.heldBack += heldBack
    this.clientLoads.push(load)
    for (const { sequence, exchange } of this.captured.splice(0)) {
      this.facts.push(readResponseFacts(sequence, exchange))
    }
  }

  measurement(): Measurement {
    const { endpoint, level, planned } = this.options
    const samples = this.recorder.columns()
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
      partial: false,
    }
  }

  private requestOf(slot: Slot): PreparedRequest {
    const request = this.options.requests[slot.promptIndex]
    if (request === undefined) throw new Error(`no request for prompt ${slot.promptIndex}`)
    return request
  }
}
