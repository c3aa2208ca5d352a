import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Dispatcher, errors } from 'undici'
import { errorBody } from '../../wire/chat-response.ts'
import {
  announcesBody,
  flatHeaders,
  forwardedHeaders,
  sendableReason,
} from '../../wire/forwarded-head.ts'
import { endToEndHeaders } from '../../wire/hop-by-hop.ts'
import { RecordedBody } from './recorded-body.ts'

/** What the tap writes down of a request while it passes. */
export interface Recording {
  /** A body will pass, and be told. */
  expectBody(): void
  body(bytes: number, text: string | undefined): void
  status(status: number): void
  /** A piece of the answer, of so many bytes. */
  piece(bytes: number): void
  /** Once, at the end: whether all of the answer was handed on. */
  ended(whole: boolean): void
}

export interface Route {
  readonly dispatcher: Dispatcher
  readonly origin: string
  readonly path: string
  readonly timeoutMs: number
}

/** Passes one request to the upstream and its answer back: bytes as they come, at the pace of who reads them. */
export class PassThrough implements Dispatcher.DispatchHandler {
  private controller: Dispatcher.DispatchController | undefined
  private ended = false
  private readonly request: IncomingMessage
  private readonly response: ServerResponse
  private readonly recording: Recording

  constructor(request: IncomingMessage, response: ServerResponse, recording: Recording) {
    this.request = request
    this.response = response
    this.recording = recording
    response.once('close', () => this.clientClosed())
    // An aborted upload surfaces as `close` too; without a listener it would be an uncaught error.
    request.on('error', () => {})
  }

  dispatch({ dispatcher, origin, path, timeoutMs }: Route): void {
    const { method = 'GET', rawHeaders, headers } = this.request
    const body = announcesBody(headers) ? this.recordedBody() : null
    try {
      dispatcher.dispatch(
        {
          origin,
          path,
          method,
          headers: forwardedHeaders(rawHeaders),
          body,
          headersTimeout: timeoutMs,
          bodyTimeout: timeoutMs,
        },
        this,
      )
    } catch (error) {
      this.fail(error instanceof Error ? error : new Error(String(error)))
    }
  }

  private recordedBody(): RecordedBody {
    this.recording.expectBody()
    const body = new RecordedBody((bytes, text) => this.recording.body(bytes, text))
    // Not `pipeline`: it would destroy the request, and with it the connection, when the upstream answers early.
    this.request.pipe(body)
    this.request.once('close', () => {
      if (!this.request.complete) body.destroy(new Error('client went away'))
    })
    // The upstream answered without reading on: what is left of the upload has to be read for the next request.
    body.once('close', () => this.request.resume())
    body.on('error', () => {})
    return body
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
    if (status < 200 || this.response.destroyed) return
    this.recording.status(status)
    this.response.sendDate = false
    const headers = endToEndHeaders(flatHeaders(controller.rawHeaders))
    this.response.writeHead(status, sendableReason(statusMessage), headers)
    this.response.flushHeaders()
  }

  onResponseData(controller: Dispatcher.DispatchController, piece: Buffer): void {
    this.recording.piece(piece.length)
    if (this.response.write(piece)) return
    controller.pause()
    this.response.once('drain', () => controller.resume())
  }

  onResponseEnd(): void {
    this.finish(true)
    this.response.end()
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.fail(error)
  }

  private fail(error: Error): void {
    if (this.ended) return
    if (this.response.headersSent || this.response.destroyed) {
      this.finish(false)
      // A clean end would hide that the answer is cut off.
      this.response.destroy()
      return
    }
    const late =
      error instanceof errors.HeadersTimeoutError || error instanceof errors.BodyTimeoutError
    const status = late ? 504 : 502
    const what = late ? 'the upstream did not answer in time' : 'the upstream cannot be reached'
    this.recording.status(status)
    this.finish(true)
    const body = JSON.stringify(errorBody(what, 'upstream_unavailable', String(status)))
    this.response.writeHead(status, { 'content-type': 'application/json' }).end(body)
  }

  private clientClosed(): void {
    if (this.ended) return
    this.finish(false)
    this.controller?.abort(new Error('client went away'))
  }

  private finish(whole: boolean): void {
    if (this.ended) return
    this.ended = true
    this.recording.ended(whole)
  }
}
