import type { ServerResponse } from 'node:http'
import { performance } from 'node:perf_hooks'
import { type LatencySpec, sampleLatencyMs } from '../../stats/latency-spec.ts'
import { createRandom, type Random } from '../../stats/random.ts'
import type { Arrival } from '../../wire/arrival.ts'
import type { ChatRequest } from '../../wire/chat-request.ts'
import { chatChunk, chatCompletion, type Completion } from '../../wire/chat-response.ts'
import { formatServerTiming } from '../../wire/headers.ts'
import { promptText } from '../../wire/prompt-hash.ts'
import { approximateTokens, createUsage } from '../../wire/usage.ts'
import { answerFor } from './answers.ts'
import { BatchQueue } from './batch-queue.ts'
import { driftMs } from './drift.ts'
import { decideFault } from './fault-plan.ts'
import { sendError, sendFault, sendJson } from './send-answer.ts'
import type { SimulatorOptions } from './simulator-options.ts'
import { Waiter } from './waiter.ts'

/** One request with what is needed to answer it. */
export interface Job {
  readonly request: ChatRequest
  readonly response: ServerResponse
  readonly arrival: Arrival
  /** When the server first saw the request, on `performance.now()`. */
  readonly receivedAt: number
}

interface Prepared {
  readonly completion: Completion
  readonly words: readonly string[]
  readonly ttftMs: number
  readonly tokenMs: number
}

/** Serves chat completions: queue, wait as a model would, answer or fail. */
export class ChatService {
  private readonly queue: BatchQueue
  private readonly waiter = new Waiter()
  private readonly startedAt = performance.now()
  private readonly created = Math.floor(Date.now() / 1000)
  private readonly options: SimulatorOptions

  constructor(options: SimulatorOptions) {
    this.options = options
    this.queue = new BatchQueue(options)
  }

  serve(job: Job): void {
    const { arrival, response } = job
    let cancelWait: (() => void) | undefined
    let queuedMs = 0
    const leave = this.queue.enter((inBatch) => {
      queuedMs = performance.now() - job.receivedAt
      const prepared = this.prepare(job, inBatch)
      arrival.queueMs = queuedMs
      const stream = job.request.stream === true
      const total = prepared.ttftMs + prepared.tokenMs * (prepared.words.length - 1)
      cancelWait = this.waiter.after(stream ? prepared.ttftMs : total, () => {
        if (stream) this.stream(job, prepared)
        else this.answer(job, prepared, queuedMs)
      })
    })
    if (leave === undefined) {
      arrival.status = 503
      sendError(
        response,
        503,
        'overloaded',
        `more than ${this.options.maxQueue} requests are waiting`,
      )
      return
    }
    response.once('close', () => {
      cancelWait?.()
      arrival.aborted ||= !response.writableFinished
      leave()
    })
  }

  private prepare({ request, arrival, receivedAt }: Job, inBatch: number): Prepared {
    const { options } = this
    const messages = promptText(request.messages)
    const answer = answerFor(options.seed, messages, request.max_tokens)
    const random = createRandom(`${options.seed}/latency/${arrival.sequence}`)
    const slower = 1 + options.slowdown * (inBatch - 1)
    const index = arrival.sequence - 1
    const added = driftMs(options.drift, receivedAt - this.startedAt)
    return {
      words: answer.words,
      ttftMs: draw(options.ttft, random, index) * slower + added,
      tokenMs: options.ttft.kind === 'trace' ? 0 : draw(options.tokenTime, random, index) * slower,
      completion: {
        id: `chatcmpl-${arrival.promptHash}-${arrival.sequence}`,
        created: this.created,
        model: request.model,
        content: answer.words.join(' '),
        finishReason: answer.finishReason,
        usage: createUsage(approximateTokens(messages), answer.words.length),
      },
    }
  }

  private answer(
    { response, arrival, receivedAt }: Job,
    prepared: Prepared,
    queueMs: number,
  ): void {
    const body = JSON.stringify(chatCompletion(prepared.completion))
    const fault = decideFault(this.faults, arrival.sequence, receivedAt - this.startedAt)
    arrival.fault = fault
    if (fault !== undefined) {
      arrival.status = sendFault(response, fault, body, this.options.slowBodyMs)
      return
    }
    const total = performance.now() - receivedAt
    arrival.status = 200
    arrival.serviceMs = total - queueMs
    const timing = formatServerTiming({ total, queue: queueMs, service: total - queueMs })
    sendJson(response, 200, body, { 'server-timing': timing })
  }

  private stream(job: Job, prepared: Prepared): void {
    const { response, arrival } = job
    const { completion, words, tokenMs } = prepared
    arrival.status = 200
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
    const send = (event: unknown) => response.write(`data: ${JSON.stringify(event)}\n\n`)
    send(chatChunk(completion, { role: 'assistant', content: '' }, null))
    let next = 0
    const sendWord = () => {
      if (response.destroyed) return
      send(chatChunk(completion, { content: (next === 0 ? '' : ' ') + (words[next] ?? '') }, null))
      next += 1
      if (next < words.length) {
        this.waiter.after(tokenMs, sendWord)
        return
      }
      send(chatChunk(completion, {}, completion.finishReason))
      send({ ...chatChunk(completion, {}, null), choices: [], usage: completion.usage })
      arrival.serviceMs = performance.now() - job.receivedAt
      response.end('data: [DONE]\n\n')
    }
    sendWord()
  }

  private get faults() {
    const { seed, faultRates, faultSchedule } = this.options
    return { seed, rates: faultRates, schedule: faultSchedule }
  }
}

function draw(spec: LatencySpec, random: Random, index: number): number {
  return Math.max(0, sampleLatencyMs(spec, random, index))
}
