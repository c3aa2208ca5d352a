import type { ServerResponse } from 'node:http'
import { performance } from 'node:perf_hooks'
import type { Arrival } from '../../wire/arrival.ts'
import { cutInCharacter } from '../../wire/event-faults.ts'
import type { FaultyStream } from './stream-faults.ts'
import type { StreamStep } from './stream-steps.ts'
import type { Waiter } from './waiter.ts'

/** Between the two halves of a character: long enough that they are two reads for whoever listens. */
const CUT_PAUSE_MS = 2

export interface StreamSending {
  readonly response: ServerResponse
  readonly arrival: Arrival
  readonly waiter: Waiter
  /** ms since the server started. */
  readonly now: () => number
  /** Write characters of several bytes in two pieces. */
  readonly cutCharacters: boolean
}

/**
 * Writes the steps of a stream when they are due, counted from now, and stamps in the arrival what the client cannot
 * know. A client that reads slowly is waited for; then tokens that are overdue follow at once, as from a model that has
 * gone on.
 */
export class StreamSender {
  private readonly steps: Iterator<StreamStep>
  private dueAt: number
  private readonly ending: FaultyStream['ending']
  private readonly sending: StreamSending
  private cancelWait: () => void = () => {}

  constructor(stream: FaultyStream, sending: StreamSending) {
    this.steps = stream.steps[Symbol.iterator]()
    this.ending = stream.ending
    this.sending = sending
    this.dueAt = performance.now()
    sending.response.once('close', () => this.cancelWait())
  }

  start(): void {
    const { response, arrival } = this.sending
    arrival.status = 200
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
    this.sendDue()
  }

  /** Sends what is due, until something has to be waited for. */
  private sendDue(): void {
    for (let next = this.steps.next(); next.done !== true; next = this.steps.next()) {
      const step = next.value
      this.dueAt += step.pauseMs
      const left = this.dueAt - performance.now()
      if (step.pauseMs > 0 && left > 0) {
        this.cancelWait = this.sending.waiter.after(left, () => this.sendAndGoOn(step))
        return
      }
      if (!this.send(step)) return
    }
    this.finish()
  }

  private sendAndGoOn(step: StreamStep): void {
    if (!this.sending.response.destroyed && this.send(step)) this.sendDue()
  }

  /** Whether the next step may follow at once; otherwise it follows by itself. */
  private send(step: StreamStep): boolean {
    const { response, arrival, now } = this.sending
    const bytes = Buffer.from(step.events.join(''))
    if (step.tokens > 0) {
      const at = now()
      arrival.firstTokenAt ??= at
      arrival.lastTokenAt = at
      arrival.tokens = (arrival.tokens ?? 0) + step.tokens
      arrival.chunks = (arrival.chunks ?? 0) + step.events.length
    }
    arrival.answerBytes = (arrival.answerBytes ?? 0) + bytes.length
    const [first = bytes, second] = this.sending.cutCharacters ? cutInCharacter(bytes) : [bytes]
    const flowing = response.write(first)
    if (second !== undefined) {
      this.cancelWait = this.sending.waiter.after(CUT_PAUSE_MS, () => {
        if (response.destroyed) return
        response.write(second)
        this.sendDue()
      })
      return false
    }
    if (!flowing) response.once('drain', () => this.sendDue())
    return flowing
  }

  private finish(): void {
    const { response } = this.sending
    if (this.ending === 'end') response.end()
    // After what was written, and without the chunk that would end the body.
    else response.write('', () => response.socket?.destroy())
  }
}
