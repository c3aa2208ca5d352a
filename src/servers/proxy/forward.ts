import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Dispatcher, errors } from 'undici'
import { performance } from 'node:perf_hooks'
import { formatServerTiming } from '../../wire/headers.ts'
import { formatHopTiming } from '../../wire/hop-timing.ts'
import { errorBody } from '../../wire/chat-response.ts'
import {
  announcesBody,
  flatHeaders,
  forwardedHeaders,
  sendableReason,
} from '../../wire/forwarded-head.ts'
import { endToEndHeaders } from '../../wire/hop-by-hop.ts'
import { recordBare } from './bare-record.ts'
import type { InjectedDelay } from './injected-delay.ts'
import type { RecordSink } from './exchange-record.ts'
import type { Guard } from './guard.ts'
import type { ProxyOptions } from './proxy-options.ts'
import { DirectOutput, type ResponseOutput } from './response/output.ts'
import { watchExchange } from './watch-exchange.ts'

export interface ForwardContext {
  readonly dispatcher: Dispatcher
  readonly upstream: URL
  readonly options: ProxyOptions
  readonly delay: InjectedDelay
  /** Takes what is kept of an exchange when it has ended. */
  readonly record: RecordSink
  readonly onUpstreamFailure: () => void
  readonly onClientDisconnect: () => void
  /** Analyses and decides; undefined where nothing is looked at. */
  readonly guard?: Guard | undefined
}

/** What is changed of a request on its way to the upstream, and of its answer on the way back. */
export interface Forwarding {
  readonly output: ResponseOutput
  /** The body, where it was read already. */
  readonly body?: Buffer | undefined
  /** Headers that are not sent on, in lower case, and those that are sent in their place. */
  readonly dropped?: ReadonlySet<string> | undefined
  readonly added?: readonly string[] | undefined
  /** The upstream's failure, for the record. */
  readonly onFailure?: ((what: string) => void) | undefined
  readonly onDispatch?: (() => void) | undefined
}

/** Forwards one request to `path` of the upstream and streams the answer back, both with back-pressure. */
export function forward(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  context: ForwardContext,
): void {
  if (context.guard === undefined) {
    recordBare(request, response, context.record)
    forwardAs(new ForwardedExchange(request, response, context), path, context)
    return
  }
  watchExchange(request, response, context, (forwarding) => {
    const exchange = new ForwardedExchange(request, response, context, forwarding)
    forwardAs(exchange, path, context)
    return exchange
  })
}

function forwardAs(exchange: ForwardedExchange, path: string, context: ForwardContext): void {
  const injectedMs = context.delay.draw()
  if (context.options.injectWhere === 'before') {
    context.delay.pass(injectedMs, (tookMs) => exchange.dispatch(path, tookMs))
  } else exchange.dispatch(path, injectedMs)
}

class ForwardedExchange implements Dispatcher.DispatchHandler {
  private controller: Dispatcher.DispatchController | undefined
  private ended = false
  private readonly receivedAt = performance.now()
  private dispatchedAt = 0
  private readonly request: IncomingMessage
  private readonly response: ServerResponse
  /** Drawn, and then what it came to. */
  private injectedMs = 0
  private readonly context: ForwardContext
  private readonly forwarding: Forwarding

  constructor(
    request: IncomingMessage,
    response: ServerResponse,
    context: ForwardContext,
    forwarding: Forwarding = { output: new DirectOutput(response) },
  ) {
    this.request = request
    this.response = response
    this.context = context
    this.forwarding = forwarding
    response.once('close', () => this.clientClosed())
    // An aborted upload surfaces as `close` too; without a listener it would be an uncaught error.
    request.on('error', () => {})
  }

  dispatch(path: string, injectedMs: number): void {
    this.injectedMs = injectedMs
    if (this.response.destroyed) return
    this.dispatchedAt = performance.now()
    const { method = 'GET', rawHeaders, headers } = this.request
    const { body, dropped, added = [], onDispatch } = this.forwarding
    const { dispatcher, upstream, options } = this.context
    onDispatch?.()
    try {
      dispatcher.dispatch(
        {
          origin: upstream.origin,
          path,
          method,
          headers: [...forwardedHeaders(rawHeaders, dropped), ...added],
          body: body ?? (announcesBody(headers) ? this.request : null),
          headersTimeout: options.upstreamTimeoutMs,
          bodyTimeout: options.upstreamTimeoutMs,
        },
        this,
      )
    } catch (error) {
      this.fail(error instanceof Error ? error : new Error(String(error)))
    }
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller
    if (this.response.destroyed) controller.abort(new Error('client went away'))
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    _headers: unknown,
    statusMessage?: string,
  ): void {
    if (status < 200) return
    const headers = endToEndHeaders(flatHeaders(controller.rawHeaders))
    this.response.sendDate = false
    const upstreamMs = performance.now() - this.dispatchedAt
    const start = () => {
      if (this.response.destroyed) return
      if (this.context.options.announce) headers.push('server-timing', this.timing(upstreamMs))
      this.forwarding.output.head(status, sendableReason(statusMessage), headers)
    }
    if (this.context.options.injectWhere === 'before') {
      start()
      return
    }
    controller.pause()
    this.context.delay.pass(this.injectedMs, (tookMs) => {
      this.injectedMs = tookMs
      start()
      controller.resume()
    })
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    // Only where its leaving is ignored does more come for a client that has left.
    if (this.response.destroyed || this.forwarding.output.write(chunk)) return
    controller.pause()
    this.response.once('drain', () => controller.resume())
  }

  onResponseEnd(): void {
    this.ended = true
    if (!this.response.destroyed) this.forwarding.output.end()
  }

  /** Ends the request to the upstream; the answer is somebody else's from now on. */
  abandon(): void {
    this.ended = true
    this.controller?.abort(new Error('not needed any more'))
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.fail(error)
  }

  /** The hop's time so far, and the injected part of it where there is one. */
  private timing(upstreamMs: number): string {
    const hop = formatHopTiming('proxy', performance.now() - this.receivedAt, upstreamMs)
    if (this.injectedMs <= 0) return hop
    return `${hop}, ${formatServerTiming({ injected: this.injectedMs })}`
  }

  private fail(error: Error): void {
    if (this.ended || this.response.destroyed) return
    this.ended = true
    this.context.onUpstreamFailure()
    this.forwarding.onFailure?.('upstream_unavailable')
    if (this.response.headersSent) {
      // A clean end would hide that the answer is cut off.
      this.response.destroy()
      return
    }
    const late =
      error instanceof errors.HeadersTimeoutError || error instanceof errors.BodyTimeoutError
    const status = late ? 504 : 502
    const what = late ? 'the upstream did not answer in time' : 'the upstream cannot be reached'
    const body = JSON.stringify(errorBody(what, 'upstream_unavailable', String(status)))
    this.response.writeHead(status, { 'content-type': 'application/json' }).end(body)
  }

  private clientClosed(): void {
    if (this.ended) return
    this.ended = true
    this.context.onClientDisconnect()
    if (this.context.options.streamFaults?.ignoreCancel === true) {
      this.controller?.resume()
      return
    }
    this.controller?.abort(new Error('client went away'))
  }
}
