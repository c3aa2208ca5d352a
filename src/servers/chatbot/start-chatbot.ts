import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { performance } from 'node:perf_hooks'
import { Agent } from 'undici'
import { type ChatMessage, parseChatRequest } from '../../wire/chat-request.ts'
import { errorBody } from '../../wire/chat-response.ts'
import { SESSION_HEADER } from '../../wire/headers.ts'
import { isRecord, parseJson } from '../../wire/json.ts'
import { listen } from '../http/listen.ts'
import { headersToPassOn } from './ask-model.ts'
import { CHATBOT_DEFAULTS, type ChatbotOptions } from './chatbot-options.ts'
import { Conversation } from './conversation.ts'
import { SessionMemory } from './session-memory.ts'

export interface RunningChatbot {
  readonly url: string
  readonly port: number
  /** Stops accepting, lets what is in flight finish for `graceMs`, then ends it. */
  close(graceMs?: number): Promise<void>
}

type GivenOptions = Partial<ChatbotOptions> & Pick<ChatbotOptions, 'upstream'>

/** Starts the app of the chain: OpenAI-compatible to its users, with instructions, memory and tools of its own. */
export async function startChatbot(given: GivenOptions): Promise<RunningChatbot> {
  const options: ChatbotOptions = { ...CHATBOT_DEFAULTS, ...given }
  const dispatcher = new Agent({ connections: 1024, pipelining: 1, keepAliveTimeout: 60_000 })
  const chatbot = new Chatbot(options, dispatcher)
  const server = createServer((request, response) => chatbot.handle(request, response))
  server.requestTimeout = 0
  const { url, port, close } = await listen(server, options)
  return {
    url,
    port,
    async close(graceMs = 5000) {
      await close(graceMs)
      await dispatcher.destroy()
    },
  }
}

class Chatbot {
  private readonly memory: SessionMemory
  private readonly upstream: URL
  private readonly options: ChatbotOptions
  private readonly dispatcher: Agent

  constructor(options: ChatbotOptions, dispatcher: Agent) {
    this.options = options
    this.dispatcher = dispatcher
    this.upstream = new URL(options.upstream)
    this.memory = new SessionMemory(options.maxSessions, options.memoryMessages)
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    const receivedAt = performance.now()
    const path = (request.url ?? '/').split('?')[0]
    const route = `${request.method} ${path}`
    if (route === 'POST /v1/chat/completions') {
      void this.receive(request, response, receivedAt)
      return
    }
    request.resume()
    if (route === 'GET /health') {
      sendJson(response, 200, { status: 'ok', sessions: this.memory.size })
    } else if (route === 'DELETE /v1/session') {
      const session = headerOf(request, SESSION_HEADER)
      sendJson(response, 200, { forgotten: session !== undefined && this.memory.forget(session) })
    } else sendJson(response, 404, errorBody(`no ${route} here`, 'invalid_request_error', '404'))
  }

  private async receive(
    request: IncomingMessage,
    response: ServerResponse,
    receivedAt: number,
  ): Promise<void> {
    const gone = new AbortController()
    response.once('close', () => gone.abort())
    try {
      const body = await readBody(request, this.options.maxBodyBytes)
      if (body === undefined) {
        const message = `the body is over ${this.options.maxBodyBytes} bytes`
        sendJson(response, 413, errorBody(message, 'invalid_request_error', '413'))
        return
      }
      await this.answer({ request, response, body, receivedAt, signal: gone.signal })
    } catch (error) {
      if (!isConnectionError(error)) throw error
      fail(response)
    }
  }

  private async answer(one: {
    readonly request: IncomingMessage
    readonly response: ServerResponse
    readonly body: string
    readonly receivedAt: number
    readonly signal: AbortSignal
  }): Promise<void> {
    const { request, response, body, receivedAt, signal } = one
    const parsed = parseChatRequest(body)
    const fields = parseJson(body)
    if (typeof parsed === 'string' || !isRecord(fields)) {
      const reason = typeof parsed === 'string' ? parsed : 'the body is not a JSON object'
      sendJson(response, 400, errorBody(reason, 'invalid_request_error', '400'))
      return
    }
    const session = headerOf(request, SESSION_HEADER)
    const said = fromUser(parsed.messages)
    const system = { role: 'system', content: this.options.system }
    const remembered = session === undefined ? [] : this.memory.recall(session)
    const { upstreamTimeoutMs: timeoutMs } = this.options
    const { dispatcher, upstream } = this
    const headers = headersToPassOn(request.headers)
    const conversation = new Conversation(
      {
        fields,
        messages: [system, ...remembered, ...said],
        stream: parsed.stream === true,
        receivedAt,
      },
      response,
      { dispatcher, upstream, timeoutMs, headers, signal },
      this.options,
    )
    const answer = await conversation.hold()
    if (session === undefined || answer === undefined) return
    this.memory.remember(session, [...said, { role: 'assistant', content: answer }])
  }
}

/** The user's part: an app does not let its users write its instructions, nor what its tools gave. */
function fromUser(messages: readonly ChatMessage[]): ChatMessage[] {
  return messages
    .filter(({ role }) => role === 'user' || role === 'assistant')
    .map(({ role, content }) => ({ role, content }))
}

/** The body as text; undefined where it is longer than allowed. Read to its end all the same, so that the answer arrives. */
async function readBody(request: IncomingMessage, most: number): Promise<string | undefined> {
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of request as AsyncIterable<Buffer>) {
    bytes += piece.length
    if (bytes <= most) pieces.push(piece)
  }
  return bytes > most ? undefined : Buffer.concat(pieces).toString('utf8')
}

/** What sockets and aborted requests throw, unlike a bug: it has a code, or says that it was aborted. */
function isConnectionError(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return error.name === 'AbortError' || ('code' in error && typeof error.code === 'string')
}

function fail(response: ServerResponse): void {
  if (response.destroyed) return
  // A clean end would hide that the answer is cut off.
  if (response.headersSent) response.destroy()
  else {
    const message = 'the model cannot be reached, or did not answer in time'
    sendJson(response, 502, errorBody(message, 'upstream_unavailable', '502'))
  }
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}

function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name.toLowerCase()]
  return Array.isArray(value) ? value[0] : value
}
