import { performance } from 'node:perf_hooks'
import { type Arrival, promptMarks } from '../../wire/arrival.ts'
import { parseChatRequest } from '../../wire/chat-request.ts'
import type { Recording } from './pass-through.ts'

/** Writes what passes into the request's arrival, with stamps in ms since `startedAt` on `performance.now()`. */
export class RequestRecording implements Recording {
  private readonly arrival: Arrival
  private readonly startedAt: number
  private readonly onComplete: (arrival: Arrival) => void
  /** Body and answer: the arrival is complete when both are over, in whichever order. */
  private open = 1

  /** `onComplete` is called once, when nothing more will be written. */
  constructor(arrival: Arrival, startedAt: number, onComplete: (arrival: Arrival) => void) {
    this.arrival = arrival
    this.startedAt = startedAt
    this.onComplete = onComplete
  }

  expectBody(): void {
    this.open += 1
  }

  body(bytes: number, text: string | undefined): void {
    this.arrival.requestBytes = bytes
    const parsed = text === undefined ? undefined : parseChatRequest(text)
    if (typeof parsed === 'object') Object.assign(this.arrival, promptMarks(parsed))
    this.close()
  }

  status(status: number): void {
    this.arrival.status = status
  }

  piece(bytes: number): void {
    const now = performance.now() - this.startedAt
    const { arrival } = this
    arrival.firstByteAt ??= now
    arrival.lastByteAt = now
    arrival.reads = (arrival.reads ?? 0) + 1
    arrival.answerBytes = (arrival.answerBytes ?? 0) + bytes
  }

  ended(whole: boolean): void {
    const { arrival } = this
    arrival.endedAt = performance.now() - this.startedAt
    if (!whole) {
      arrival.aborted = true
      arrival.abortedAt = arrival.endedAt
    }
    this.close()
  }

  private close(): void {
    this.open -= 1
    if (this.open === 0) this.onComplete(this.arrival)
  }
}
