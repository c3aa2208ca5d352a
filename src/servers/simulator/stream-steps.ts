import { chatChunk, type Completion } from '../../wire/chat-response.ts'
import type { StreamOptions } from '../../wire/chat-request.ts'
import { createUsage } from '../../wire/usage.ts'
import type { Answer } from './answers.ts'

/** Events of a streamed answer that are sent at once. */
export interface StreamStep {
  /** Pause before it, after the step before was due, ms. */
  readonly pauseMs: number
  /** Whole events, each with the blank line that ends it. */
  readonly events: readonly string[]
  /** Tokens in them; 0 for the role, the usage and the end. */
  readonly tokens: number
}

/** How tokens become events. */
export interface StreamShape {
  /** Tokens that come together. */
  readonly burst: number
  /** In one event, or each in its own but in one write. */
  readonly burstAs: 'event' | 'write'
  /** A pause of `ms` after so many tokens. */
  readonly stall: { readonly afterTokens: number; readonly ms: number } | undefined
}

export interface StreamPlan {
  readonly completion: Completion
  readonly answer: Answer
  readonly options: StreamOptions
  readonly shape: StreamShape
  /** Time of the token of this index, from 0; the first is there when the stream begins. */
  readonly tokenMs: (index: number) => number
}

/** A streamed answer, step by step: role, what was thought, what is said, its end, the usage if asked for, [DONE]. */
export function* streamSteps(plan: StreamPlan): Generator<StreamStep> {
  const { completion, answer, options, shape } = plan
  const chunks = new Chunks(completion, options)
  yield plain(chunks.chunk({ role: 'assistant', content: '' }, 0))
  let sent = 0
  let before = 0
  for (const [field, tokens] of [
    ['reasoning_content', answer.reasoning],
    ['content', answer.content],
  ] as const) {
    for (let at = 0; at < tokens.length; at += shape.burst) {
      const burst = tokens.slice(at, at + shape.burst)
      const pauseMs = pauseBetween(plan, before, sent)
      before = sent
      sent += burst.length
      const deltas = shape.burstAs === 'event' ? [burst.join('')] : burst
      const events = deltas.map((text) => chunks.chunk({ [field]: text }, sent))
      yield { pauseMs, events, tokens: burst.length }
    }
  }
  yield plain(chunks.chunk({}, sent, completion.finishReason))
  if (options.include_usage === true) yield plain(chunks.usage())
  yield plain('data: [DONE]\n\n')
}

/** Steps with tokens that `streamSteps` gives. */
export function countBursts({ answer, shape }: StreamPlan): number {
  return [answer.reasoning, answer.content].reduce(
    (sum, { length }) => sum + Math.ceil(length / shape.burst),
    0,
  )
}

/** Events with content that it gives. */
export function countContentEvents({ answer, shape }: StreamPlan): number {
  const { length } = answer.content
  return shape.burstAs === 'write' ? length : Math.ceil(length / shape.burst)
}

function plain(event: string): StreamStep {
  return { pauseMs: 0, events: [event], tokens: 0 }
}

/** Between two bursts, by the indexes of their first tokens: a burst comes when its first token is due. */
function pauseBetween({ tokenMs, shape }: StreamPlan, before: number, first: number): number {
  let pauseMs = 0
  for (let index = before + 1; index <= first; index += 1) pauseMs += tokenMs(index)
  const { afterTokens = Infinity, ms = 0 } = shape.stall ?? {}
  return before < afterTokens && afterTokens <= first ? pauseMs + ms : pauseMs
}

/** The chunks of one completion, with the usage that the request asked for. */
class Chunks {
  private readonly completion: Completion
  private readonly options: StreamOptions

  constructor(completion: Completion, options: StreamOptions) {
    this.completion = completion
    this.options = options
  }

  chunk(
    delta: Readonly<Record<string, unknown>>,
    tokens: number,
    finishReason: Completion['finishReason'] | null = null,
  ): string {
    const chunk = chatChunk(this.completion, delta, finishReason)
    if (this.options.continuous_usage_stats === true) {
      const { prompt_tokens } = this.completion.usage
      return eventOf({ ...chunk, usage: createUsage(prompt_tokens, tokens) })
    }
    return eventOf(this.options.include_usage === true ? { ...chunk, usage: null } : chunk)
  }

  usage(): string {
    const { usage } = this.completion
    return eventOf({ ...chatChunk(this.completion, {}, null), choices: [], usage })
  }
}

/** A server-sent event with this as its data. */
export function eventOf(data: unknown): string {
  return `data: ${JSON.stringify(data)}\n\n`
}
