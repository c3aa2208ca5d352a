import type { Endpoint } from '../model/endpoint.ts'
import type { Exchange } from '../model/exchange.ts'
import type { ResponseFacts } from '../model/response-facts.ts'
import type { Slot } from '../model/sample.ts'
import { readResponseFacts } from '../transport/read-facts.ts'
import type { PreparedRequest, Transport } from '../transport/transport.ts'
import { type Judge, type JudgedSamples, PendingReplies } from './judging.ts'
import type { SamplePlace } from './recorder.ts'

/** Answers looked at beyond their timing, a level: enough to see a cache, few enough to cost nothing. */
const INSPECTED = 200

export interface ArmOptions {
  readonly endpoint: Endpoint
  readonly transport: Transport
  /** Requests to the endpoint at this level, whoever sends them. */
  readonly planned: number
  /** The prompts' requests, by `promptIndex`. */
  readonly requests: readonly PreparedRequest[]
  readonly sink: SampleSink
  /** The `traceparent` of a sequence, and that of one that does not count; absent where none is sent. */
  readonly traceparents?: Readonly<Record<'counted' | 'uncounted', (sequence: number) => string>>
  /** Absent where replies are not judged. */
  readonly judge?: Judge | undefined
}

/** Takes what came of the counted slots of an endpoint at a level. */
export interface SampleSink {
  record(slot: Slot, exchange: Exchange, place: SamplePlace): void
  /** The exchange as an example of what goes wrong, besides `record`. */
  addFailure(exchange: Exchange): void
}

/** One endpoint at one level: sends its slots, and looks closer at some of the answers. */
export class Arm {
  readonly endpoint: Endpoint
  readonly transport: Transport
  private readonly captured: { sequence: number; exchange: Exchange }[] = []
  private readonly pending: PendingReplies | undefined
  private readonly stride: number
  private readonly options: ArmOptions

  constructor(options: ArmOptions) {
    this.options = options
    this.endpoint = options.endpoint
    this.transport = options.transport
    this.pending = options.judge && new PendingReplies(options.judge)
    this.stride = Math.max(1, Math.ceil(options.planned / INSPECTED))
  }

  /** Sends a slot and records what comes of it. */
  send(slot: Slot, place: SamplePlace, done: () => void): void {
    const { sink, traceparents } = this.options
    const inspected = slot.sequence % this.stride === 0
    const record = (exchange: Exchange) => {
      sink.record(slot, exchange, place)
      if (exchange.outcome !== 'ok' && exchange.outcome !== 'cancelled') sink.addFailure(exchange)
      else if (inspected) this.captured.push({ sequence: slot.sequence, exchange })
      this.pending?.add(slot.sequence, slot.promptIndex, exchange)
      done()
    }
    const traceparent = traceparents?.counted(slot.sequence)
    const capture = inspected || this.pending !== undefined
    this.transport.send(this.requestOf(slot), record, capture, traceparent)
  }

  /** Sends a slot that does not count. */
  sendUncounted(slot: Slot, done: () => void): void {
    const traceparent = this.options.traceparents?.uncounted(slot.sequence)
    this.transport.send(this.requestOf(slot), done, false, traceparent)
  }

  /** Outside the timed path: reads what the answers captured since the last call say of themselves. */
  takeFacts(): ResponseFacts[] {
    return this.captured
      .splice(0)
      .map(({ sequence, exchange }) => readResponseFacts(sequence, exchange))
  }

  /** Outside the timed path: judges the replies since the last call. */
  takeVerdicts(): Promise<JudgedSamples> | undefined {
    return this.pending?.take()
  }

  private requestOf(slot: Slot): PreparedRequest {
    const request = this.options.requests[slot.promptIndex]
    if (request === undefined) throw new Error(`no request for prompt ${slot.promptIndex}`)
    return request
  }
}
