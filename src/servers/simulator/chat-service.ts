import type { ServerResponse } from 'node:http'
import { performance } from 'node:perf_hooks'
import { type LatencySpec, sampleLatencyMs } from '../../stats/latency-spec.ts'
import { createRandom, type Random } from '../../stats/random.ts'
import type { Arrival } from '../../wire/arrival.ts'
import type { ChatRequest } from '../../wire/chat-request.ts'
import { chatCompletion, type Completion } from '../../wire/chat-response.ts'
import { formatServerTiming } from '../../wire/headers.ts'
import { promptText } from '../../wire/prompt-hash.ts'
import { approximateTokens, createUsage } from '../../wire/usage.ts'
import { type Answer, answerFor } from './answers.ts'
import { BatchQueue } from './batch-queue.ts'
import { calledTool } from './called-tool.ts'
import { DirectedAnswers, directedTokens } from './directed-answers.ts'
import { driftMs } from './drift.ts'
import { decideFault, type FaultKind } from './fault-plan.ts'
import { isAnswerFault, isStreamFault, sendError, sendFault, sendJson } from './send-answer.ts'
import { StreamSender } from './send-stream.ts'
import type { SimulatorOptions } from './simulator-options.ts'
import { faultyStream, multibyte } from './stream-faults.ts'
import { countBursts, countContentEvents, streamSteps } from './stream-steps.ts'
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
  readonly answer: Answer
  readonly completion: Completion
  readonly fault: FaultKind | undefined
  readonly ttftMs: number
  /** Of each token, from the second on. */
  readonly tokenMs: (index: number) => number
}

/** Serves chat completions: queue, wait as a model would, answer or fail. */
export class ChatService {
  private readonly queue: BatchQueue
  private readonly waiter = new Waiter()
  private readonly created = Math.floor(Date.now() / 1000)
  private readonly options: SimulatorOptions
  private readonly startedAt: number
  private readonly directed: DirectedAnswers

  /** `startedAt` on `performance.now()` is what instants are counted from. */
  constructor(options: SimulatorOptions, startedAt: number) {
    this.options = options
    this.startedAt = startedAt
    this.queue = new BatchQueue(options)
    this.directed = new DirectedAnswers(options.answers)
  }

  serve(job: Job): void {
    const { arrival, response } = job
    let cancelWait: (() => void) | undefined
    const leave = this.queue.enter((inBatch) => {
      arrival.queueMs = performance.now() - job.receivedAt
      const prepared = this.prepare(job, inBatch)
      const stream = job.request.stream === true && !isAnswerFault(prepared.fault)
      cancelWait = this.waiter.after(stream ? prepared.ttftMs : wholeMs(prepared), () => {
        if (stream) this.stream(job, prepared)
        else this.answer(job, prepared)
      })
    })
    if (leave === undefined) {
      arrival.status = 503
      const waiting = `more than ${this.options.maxQueue} requests are waiting`
      arrival.answerBytes = sendError(response, 503, 'overloaded', waiting)
    }
    response.once('close', () => {
      cancelWait?.()
      this.end(job)
      leave?.()
    })
  }

  private end({ arrival, response, receivedAt }: Job): void {
    const now = performance.now()
    arrival.endedAt = now - this.startedAt
    if (response.writableFinished) {
      if (arrival.fault === undefined && arrival.firstTokenAt !== undefined) {
        arrival.serviceMs = now - receivedAt - (arrival.queueMs ?? 0)
      }
      return
    }
    arrival.aborted = true
    arrival.abortedAt = arrival.endedAt
  }

  private prepare({ request, arrival, receivedAt }: Job, inBatch: number): Prepared {
    const { options } = this
    const messages = promptText(request.messages)
    const elapsedMs = receivedAt - this.startedAt
    const fault = this.faultOf(arrival.sequence, elapsedMs, request.stream === true)
    const plain = this.think(request, messages, arrival)
    const answer = fault === 'split-utf8' ? multibyte(plain) : plain
    const random = createRandom(`${options.seed}/latency/${arrival.sequence}`)
    const slower = 1 + options.slowdown * (inBatch - 1)
    const added = driftMs(options.drift, elapsedMs)
    const ttftMs = draw(options.ttft, random, arrival.sequence - 1) * slower + added
    const once = draw(options.tokenTime, random, 0) * slower
    const each = () => draw(options.tokenTime, random, 0) * slower
    const tokenMs = options.tokenDraw === 'request' ? () => once : each
    const tokens = answer.reasoning.length + answer.content.length
    // In a stream a call would come in pieces; who is made to call a tool has nothing to stream.
    const call = request.stream === true ? undefined : calledTool(request, messages)
    return {
      answer,
      fault,
      ttftMs,
      tokenMs: options.ttft.kind === 'trace' ? () => 0 : tokenMs,
      completion: {
        id: `chatcmpl-${arrival.promptHash}-${arrival.sequence}`,
        created: this.created,
        model: request.model,
        content: answer.content.join(''),
        reasoning: answer.reasoning.length === 0 ? undefined : answer.reasoning.join(''),
        ...(call === undefined
          ? { finishReason: answer.finishReason }
          : { toolCalls: [call], finishReason: 'tool_calls' as const }),
        usage: createUsage(approximateTokens(messages), tokens, answer.reasoning.length),
      },
    }
  }

  private think(request: ChatRequest, messages: string, arrival: Arrival): Answer {
    const directed = this.directed.find(request.messages)
    if (directed !== undefined) {
      arrival.directed = directed.id
      return directedTokens(directed)
    }
    return answerFor({
      seed: this.options.seed,
      messages,
      maxTokens: request.max_tokens,
      reasoning: this.options.reasoning,
      ignoreEos: request.ignore_eos === true,
    })
  }

  /** What befalls only streams lets other answers be. */
  private faultOf(sequence: number, elapsedMs: number, stream: boolean): FaultKind | undefined {
    const { seed, faultRates: rates, faultSchedule: schedule } = this.options
    const fault = decideFault({ seed, rates, schedule }, sequence, elapsedMs)
    return isStreamFault(fault) && !stream ? undefined : fault
  }

  private answer({ response, arrival, receivedAt }: Job, prepared: Prepared): void {
    const body = JSON.stringify(chatCompletion(prepared.completion))
    const { fault } = prepared
    if (fault !== undefined && !isStreamFault(fault)) {
      arrival.fault = fault
      arrival.status = sendFault(response, fault, body, this.options.slowBodyMs)
      return
    }
    const queue = arrival.queueMs ?? 0
    const total = performance.now() - receivedAt
    arrival.status = 200
    arrival.serviceMs = total - queue
    arrival.tokens = prepared.completion.usage.completion_tokens
    const timing = formatServerTiming({ total, queue, service: total - queue })
    arrival.answerBytes = sendJson(response, 200, body, { 'server-timing': timing })
  }

  private stream({ request, response, arrival }: Job, prepared: Prepared): void {
    const { answer, completion, tokenMs, fault } = prepared
    const { burst, burstAs, stall, slowBodyMs, seed } = this.options
    const shape = { burst, burstAs, stall }
    const plan = { answer, completion, tokenMs, shape, options: request.stream_options ?? {} }
    const random = createRandom(`${seed}/stream-fault/${arrival.sequence}`)
    const within = isAnswerFault(fault) ? undefined : fault
    arrival.fault = fault
    const counts = { bursts: countBursts(plan), contentEvents: countContentEvents(plan) }
    const surroundings = { random, slowBodyMs, ...counts }
    new StreamSender(faultyStream(streamSteps(plan), within, surroundings), {
      response,
      arrival,
      waiter: this.waiter,
      now: () => performance.now() - this.startedAt,
      cutCharacters: fault === 'split-utf8',
    }).start()
  }
}

/** Until an answer that is not streamed is there. */
function wholeMs({ answer, ttftMs, tokenMs }: Prepared): number {
  const tokens = answer.reasoning.length + answer.content.length
  let ms = ttftMs
  for (let index = 1; index < tokens; index += 1) ms += tokenMs(index)
  return ms
}

function draw(spec: LatencySpec, random: Random, index: number): number {
  return Math.max(0, sampleLatencyMs(spec, random, index))
}
