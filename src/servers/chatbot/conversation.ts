import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { performance } from 'node:perf_hooks'
import type { ChatMessage } from '../../wire/chat-request.ts'
import { formatHopTiming, sumServerTimings } from '../../wire/hop-timing.ts'
import { parseJson, textAt, valueAt } from '../../wire/json.ts'
import {
  readToolCalls,
  type ToolCall,
  toolCallMessage,
  toolResultMessage,
  toolsField,
} from '../../wire/tool-calls.ts'
import { type Asking, askModel, headersToHandBack, type ModelAnswer } from './ask-model.ts'
import type { ChatbotOptions } from './chatbot-options.ts'
import { StreamedAnswer } from './streamed-answer.ts'
import { runTool, TOOL_OFFERS } from './tools.ts'

export interface Question {
  /** The user's request as it came; its fields but the messages go along. */
  readonly fields: Readonly<Record<string, unknown>>
  /** What is sent: the app's instructions, what the session remembers, what the user says now. */
  readonly messages: readonly ChatMessage[]
  readonly stream: boolean
  /** When the request came, on `performance.now()`. */
  readonly receivedAt: number
}

/** What a round came to: calls for tools, or an answer that the user has; its words where it was one to remember. */
type Round = { readonly calls: readonly ToolCall[] } | { readonly said: string | undefined }

/** One question on its way: rounds with the model until it answers in words. */
export class Conversation {
  private readonly timings: string[] = []
  private waitedMs = 0
  private readonly question: Question
  private readonly response: ServerResponse
  private readonly asking: Asking
  private readonly options: ChatbotOptions

  constructor(
    question: Question,
    response: ServerResponse,
    asking: Asking,
    options: ChatbotOptions,
  ) {
    this.question = question
    this.response = response
    this.asking = asking
    this.options = options
  }

  /** Answers the user; resolves to what the model said, undefined where that is nothing to remember. */
  async hold(): Promise<string | undefined> {
    const { toolUse, maxToolRounds } = this.options
    let messages: readonly ChatMessage[] = this.question.messages
    for (let round = 0; ; round += 1) {
      const offered = toolUse !== 'off' && round < maxToolRounds
      const required = offered && toolUse === 'always' && round === 0
      const done = await this.ask(messages, { offered, required })
      if ('said' in done) return done.said
      const results = done.calls.map((call) => toolResultMessage(call, runTool(call)))
      messages = [...messages, toolCallMessage(done.calls), ...results]
    }
  }

  private async ask(
    messages: readonly ChatMessage[],
    { offered, required }: { readonly offered: boolean; readonly required: boolean },
  ): Promise<Round> {
    // A call that must come has nothing to show the user while it does.
    const stream = this.question.stream && !required
    const { stream_options: streamOptions, ...fields } = this.question.fields
    const body = {
      ...fields,
      messages,
      stream,
      ...(stream && streamOptions !== undefined ? { stream_options: streamOptions } : {}),
      ...(offered ? { tools: toolsField(TOOL_OFFERS) } : {}),
      ...(required ? { tool_choice: 'required' } : {}),
    }
    const answer = await askModel(body, this.asking)
    this.waitedMs += answer.waitedMs
    this.timings.push([answer.headers['server-timing'] ?? ''].flat().join(', '))
    const streamed = (answer.headers['content-type'] ?? '').includes('text/event-stream')
    return streamed && answer.status < 300
      ? this.passStream(answer, offered)
      : this.passWhole(answer, offered)
  }

  private async passWhole(answer: ModelAnswer, offered: boolean): Promise<Round> {
    const startedAt = performance.now()
    const bytes = Buffer.from(await answer.body.arrayBuffer())
    this.waitedMs += performance.now() - startedAt
    const message = valueAt(parseJson(bytes.toString('utf8')), 'choices', 0, 'message')
    const ok = answer.status >= 200 && answer.status < 300
    const calls = ok && offered ? readToolCalls(message) : []
    if (calls.length > 0) return { calls }
    this.writeHead(answer, { 'content-length': String(bytes.length) })
    this.response.end(bytes)
    return { said: ok ? textAt(message, 'content') || undefined : undefined }
  }

  /** Passes a stream on as it comes. While tools are offered it is held back until it shows what it is. */
  private async passStream(answer: ModelAnswer, offered: boolean): Promise<Round> {
    const read = new StreamedAnswer()
    const held: Uint8Array[] = []
    let passing = false
    const pass = () => {
      passing = true
      this.writeHead(answer)
      for (const bytes of held.splice(0)) this.response.write(bytes)
    }
    if (!offered) pass()
    for await (const bytes of answer.body as AsyncIterable<Uint8Array>) {
      read.feed(bytes)
      if (!passing) held.push(bytes)
      else if (!this.response.write(bytes)) await once(this.response, 'drain', this.asking)
      if (!passing && read.kind === 'words') pass()
    }
    if (!passing && read.kind === 'tools') return { calls: read.toolCalls }
    if (!passing) pass()
    this.response.end()
    return { said: read.content || undefined }
  }

  private writeHead(answer: ModelAnswer, more: Readonly<Record<string, string>> = {}): void {
    const totalMs = performance.now() - this.question.receivedAt
    const behind = sumServerTimings(this.timings)
    const own = formatHopTiming('chatbot', totalMs, this.waitedMs)
    const timing = behind === '' ? own : `${own}, ${behind}`
    const headers = { ...headersToHandBack(answer.headers), ...more, 'server-timing': timing }
    this.response.writeHead(answer.status, headers)
    this.response.flushHeaders()
  }
}
