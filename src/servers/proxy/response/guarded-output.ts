import type { ServerResponse } from 'node:http'
import { type Block, blockAnswer, stopEvents } from '../enforcement/block-answer.ts'
import { verdictHeaders } from '../enforcement/verdict-headers.ts'
import type { ExchangeState } from '../exchange-state.ts'
import type { Finding } from '../exchange-record.ts'
import { canBlock, decide } from '../policy.ts'
import type { Guard, Verdict } from '../guard.ts'
import { traceHeaders } from '../trace-context.ts'
import { AnswerText } from './answer-text.ts'
import { type StreamStep, StreamWatch, withFound } from './answer-watch.ts'
import type { ResponseOutput } from './output.ts'

/** More of an answer is not kept for looking at it. */
const MOST_CHARACTERS = 1_048_576

interface HeldHead {
  readonly status: number
  readonly reason: string
  readonly headers: string[]
}

export interface GuardedExchange {
  readonly response: ServerResponse
  readonly guard: Guard
  readonly state: ExchangeState
  readonly canaries: readonly string[]
  /** Ends the request to the upstream, which nobody waits for any more. */
  readonly abandon: () => void
}

/**
 * Where the answer to a chat completion goes while a guard looks at it. A stream goes on event by event; anything else is
 * held until it is whole where the guard enforces, and only copied where it logs.
 */
export class GuardedOutput implements ResponseOutput {
  private stream: StreamWatch | undefined
  private held: { readonly head: HeldHead; readonly pieces: Buffer[]; bytes: number } | undefined
  private copied: Buffer[] = []
  private copiedBytes = 0
  private stopped = false
  /** A stream may be cut off, and is sent on event by event. */
  private stops = false
  private readonly text = new AnswerText(MOST_CHARACTERS)
  private readonly exchange: GuardedExchange

  constructor(exchange: GuardedExchange) {
    this.exchange = exchange
    exchange.state.answer = this.text
  }

  head(status: number, reason: string, headers: string[]): void {
    const { guard, canaries, state } = this.exchange
    state.headArrived()
    const type = valueOf(headers, 'content-type')
    if (/^text\/event-stream\b/i.test(type)) {
      const stops = canBlock(guard.options.policy)
      this.stops = stops
      const onFirstToken = () => state.firstTokenArrived()
      this.stream = new StreamWatch({ guard, canaries, text: this.text, onFirstToken }, stops)
      // What comes in other bytes than were sent has another length.
      if (stops) remove(headers, 'content-length')
      this.sendHead({ status, reason, headers })
      return
    }
    const head = { status, reason, headers }
    if (guard.enforcing) this.held = { head, pieces: [], bytes: 0 }
    else this.sendHead(head)
  }

  write(chunk: Buffer): boolean {
    if (this.stopped) return true
    if (this.stream !== undefined) {
      return this.follow(this.stream.feed(chunk), this.stream, chunk)
    }
    if (this.held === undefined) {
      this.copy(chunk)
      return this.exchange.response.write(chunk)
    }
    return this.hold(chunk, this.held)
  }

  end(): void {
    if (this.stopped) return
    if (this.stream !== undefined) {
      this.follow(this.stream.end(), this.stream)
      if (!this.stopped) this.endStream(this.stream)
      return
    }
    const { held } = this
    if (held === undefined) {
      this.text.takeBody(Buffer.concat(this.copied).toString('utf8'))
      this.exchange.response.end()
      return
    }
    const body = Buffer.concat(held.pieces)
    const encoded = valueOf(held.head.headers, 'content-encoding')
    if (encoded !== '' && encoded !== 'identity') {
      this.settle(this.exchange.guard.unread('the answer is compressed'), held.head, body)
      return
    }
    this.text.takeBody(body.toString('utf8'))
    const { guard, canaries } = this.exchange
    guard.judgeAnswer(this.text.texts, canaries, (verdict) => this.settle(verdict, held.head, body))
  }

  /** Sends an answer that was held, or what takes its place. */
  private settle(verdict: Verdict, head: HeldHead, body: Buffer): void {
    const { response, state } = this.exchange
    state.take(verdict, 'response')
    if (response.destroyed) return
    if (state.action === 'block') {
      const { policy } = this.exchange.guard.options
      const { because } = decide(verdict.findings, policy)
      sendBlock(this.exchange, { findings: because, stage: 'response' })
      return
    }
    this.sendHead(head)
    response.end(body)
  }

  private follow({ send, stopped }: StreamStep, watch: StreamWatch, chunk?: Buffer): boolean {
    const { response } = this.exchange
    let ready = true
    // Where nothing is held back, the chunk goes on as it came.
    const pieces = this.stops ? send : chunk === undefined ? [] : [chunk]
    for (const piece of pieces) ready = response.write(piece)
    if (stopped === undefined) return ready
    this.stop(stopped, watch)
    return true
  }

  private stop(because: readonly Finding[], watch: StreamWatch): void {
    const { response, state, abandon } = this.exchange
    this.stopped = true
    state.take({ action: 'block', findings: watch.found, error: undefined }, 'response')
    const { trace, request } = state
    response.end(stopEvents({ findings: because, traceId: trace.traceId, model: request?.model }))
    abandon()
  }

  private endStream(watch: StreamWatch): void {
    const { response, guard, canaries, state } = this.exchange
    response.end()
    if (!guard.enforcing) return
    // It is out already: what is found now is for the record.
    state.beginLate()
    guard.judgeAnswer(this.text.texts, canaries, (verdict) => {
      const whole = withFound(verdict, watch.found)
      const action = whole.action === 'allow' ? 'allow' : 'flag'
      state.take({ ...whole, action }, 'response')
      state.endLate()
    })
  }

  private hold(chunk: Buffer, held: NonNullable<GuardedOutput['held']>): boolean {
    const { guard, state, response, abandon } = this.exchange
    held.pieces.push(chunk)
    held.bytes += chunk.length
    if (held.bytes <= guard.options.mostBodyBytes) return true
    const verdict = guard.unread(`the answer is over ${guard.options.mostBodyBytes} bytes`)
    if (verdict.action === 'block') {
      this.stopped = true
      state.take(verdict, 'response')
      sendBlock(this.exchange, { findings: [], stage: 'response' })
      abandon()
      return true
    }
    state.error ??= verdict.error
    this.held = undefined
    this.sendHead(held.head)
    return response.write(Buffer.concat(held.pieces))
  }

  private copy(chunk: Buffer): void {
    if (this.copiedBytes > MOST_CHARACTERS) return
    this.copied.push(chunk)
    this.copiedBytes += chunk.length
  }

  private sendHead({ status, reason, headers }: HeldHead): void {
    const { response, state, guard } = this.exchange
    const told = guard.enforcing ? { action: state.action, findings: state.findings } : undefined
    const added = [...verdictHeaders(guard.options.policy.mode, told), ...traceHeaders(state.trace)]
    response.writeHead(status, reason, [...headers, ...added])
    response.flushHeaders()
  }
}

/** Answers with a block instead of what was asked for. */
export function sendBlock(
  { response, guard, state }: Pick<GuardedExchange, 'response' | 'guard' | 'state'>,
  { findings, stage }: Pick<Block, 'findings' | 'stage'>,
): void {
  const { trace, request } = state
  const { status, contentType, body } = blockAnswer({
    findings,
    stage,
    status: guard.options.blockStatus,
    traceId: trace.traceId,
    model: request?.model,
    stream: request?.stream ?? false,
  })
  const verdict = { action: 'block', findings: state.findings } as const
  response.sendDate = true
  response.writeHead(status, [
    'content-type',
    contentType,
    'content-length',
    String(Buffer.byteLength(body)),
    ...verdictHeaders(guard.options.policy.mode, verdict),
    ...traceHeaders(trace),
  ])
  response.end(body)
}

function valueOf(headers: readonly string[], name: string): string {
  for (let index = 0; index + 1 < headers.length; index += 2) {
    if (headers[index]?.toLowerCase() === name) return headers[index + 1] ?? ''
  }
  return ''
}

function remove(headers: string[], name: string): void {
  for (let index = headers.length - 2; index >= 0; index -= 2) {
    if (headers[index]?.toLowerCase() === name) headers.splice(index, 2)
  }
}
