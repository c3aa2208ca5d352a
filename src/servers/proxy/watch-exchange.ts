import type { IncomingMessage, ServerResponse } from 'node:http'
import { performance } from 'node:perf_hooks'
import { errorBody } from '../../wire/chat-response.ts'
import { bodyText, collectBody } from './collect-body.ts'
import { verdictHeaders } from './enforcement/verdict-headers.ts'
import { ExchangeState } from './exchange-state.ts'
import type { ForwardContext, Forwarding } from './forward.ts'
import type { Guard, Verdict } from './guard.ts'
import { decide } from './policy.ts'
import { GuardedOutput, sendBlock } from './response/guarded-output.ts'
import { DirectOutput, type ResponseOutput } from './response/output.ts'
import { isChatPath } from './upstream-target.ts'
import { readTraceContext, traceHeaders } from './trace-context.ts'

/** Sends the request on; what comes back ends it. */
type Send = (forwarding: Forwarding) => { abandon(): void }

/** Our own, or ours to set. */
const REPLACED = new Set(['traceparent'])
/** What is compressed cannot be looked at. */
const REPLACED_IN_CHAT = new Set(['traceparent', 'accept-encoding'])

/** Forwards one exchange under watch: with ids, with a record at its end, and with an analysis if it is a chat. */
export function watchExchange(
  request: IncomingMessage,
  response: ServerResponse,
  context: ForwardContext,
  send: Send,
): void {
  const state = new ExchangeState(readTraceContext(request.headers))
  const { guard } = context
  const chat = guard !== undefined && request.method === 'POST' && isChatPath(request.url ?? '')
  response.once('close', () => finish(request, response, context, state))
  request.on('error', () => {})
  const exchange = { request, response, state, send }
  if (chat) new ChatExchange(exchange, guard).begin()
  else send(plainForwarding(exchange, new WatchedOutput(response, state, guard)))
}

interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly state: ExchangeState
  readonly send: Send
}

/** Not at once: the last analysis of a stream may still go on, and the client should not wait for the record. */
function finish(
  request: IncomingMessage,
  response: ServerResponse,
  { record, guard }: ForwardContext,
  state: ExchangeState,
): void {
  const write = () => record(state.record(request, response, guard?.options.storeRaw ?? false))
  const asked = state.request
  if (guard === undefined || guard.enforcing || asked === undefined) {
    setImmediate(() => state.settled(write))
    return
  }
  setImmediate(() => judgeLate(guard, state, write))
}

/** In a mode that only logs, everything is analysed when the exchange is over. */
function judgeLate(guard: Guard, state: ExchangeState, then: () => void): void {
  const { answer, request } = state
  if (request === undefined) return
  const canaries = guard.canariesOf(request)
  guard.judgeRequest(request, (asked) => {
    state.take({ ...asked, action: 'allow' }, 'request')
    guard.judgeAnswer(answer?.texts ?? [], canaries, (said) => {
      state.take({ ...said, action: 'allow' }, 'response')
      then()
    })
  })
}

class ChatExchange {
  private readonly exchange: Exchange
  private readonly guard: Guard

  constructor(exchange: Exchange, guard: Guard) {
    this.exchange = exchange
    this.guard = guard
  }

  begin(): void {
    const { request } = this.exchange
    const { mostBodyBytes } = this.guard.options
    collectBody(request, mostBodyBytes, (body) => {
      if (body.kind === 'too-large') {
        this.refuseSize()
        return
      }
      const { bytes } = body
      const encoding = request.headers['content-encoding']
      bodyText(bytes, encoding, mostBodyBytes, (text) => this.analyse(bytes, text))
    })
  }

  private analyse(body: Buffer, text: string | undefined): void {
    const { state, response } = this.exchange
    const startedAt = performance.now()
    const read = this.guard.read(text)
    state.request = read
    if (!this.guard.enforcing) {
      this.forward(body)
      return
    }
    this.guard.judgeRequest(read, (verdict) => {
      state.analysisMs = performance.now() - startedAt
      if (response.destroyed) return
      this.act(verdict, body)
    })
  }

  private act(verdict: Verdict, body: Buffer): void {
    const { state, response } = this.exchange
    state.take(verdict, 'request')
    if (verdict.action !== 'block') {
      this.forward(body)
      return
    }
    const { because } = decide(verdict.findings, this.guard.options.policy)
    sendBlock({ response, guard: this.guard, state }, { findings: because, stage: 'request' })
  }

  private forward(body: Buffer): void {
    const { response, state, send } = this.exchange
    const { guard } = this
    const canaries = state.request === undefined ? [] : guard.canariesOf(state.request)
    let sent: { abandon(): void } | undefined
    const abandon = () => sent?.abandon()
    const output = new GuardedOutput({ response, guard, state, canaries, abandon })
    sent = send({ ...plainForwarding(this.exchange, output), body, dropped: REPLACED_IN_CHAT })
  }

  private refuseSize(): void {
    const { request, response, state } = this.exchange
    const message = `the body is over ${this.guard.options.mostBodyBytes} bytes`
    const body = JSON.stringify(errorBody(message, 'invalid_request_error', '413'))
    state.error = 'body_too_large'
    // What is still to come is not read: the connection ends with this answer.
    response.writeHead(413, [
      'content-type',
      'application/json',
      'connection',
      'close',
      ...verdictHeaders(this.guard.options.policy.mode, undefined),
      ...traceHeaders(state.trace),
    ])
    response.end(body)
    request.resume()
  }
}

function plainForwarding({ state }: Exchange, output: ResponseOutput): Forwarding {
  return {
    output,
    dropped: REPLACED,
    added: ['traceparent', state.trace.traceparent],
    onDispatch: () => state.forwarded(),
    onFailure: (what) => {
      state.error ??= what
    },
  }
}

/** Sends an answer on as it comes, with the ids of its exchange. */
class WatchedOutput extends DirectOutput {
  private readonly state: ExchangeState
  private readonly guard: Guard | undefined

  constructor(response: ServerResponse, state: ExchangeState, guard: Guard | undefined) {
    super(response)
    this.state = state
    this.guard = guard
  }

  override head(status: number, reason: string, headers: string[]): void {
    this.state.headArrived()
    const { mode } = this.guard?.options.policy ?? {}
    const told = mode === undefined ? [] : verdictHeaders(mode, undefined)
    super.head(status, reason, [...headers, ...told, ...traceHeaders(this.state.trace)])
  }
}
