import { type StreamEvent, readEventStream } from '../wire/event-stream.ts'
import { isRecord, type JsonRecord, parseJson } from '../wire/json.ts'
import { type Answer, readAnswer } from './answer.ts'
import { type ErrorFacts, readErrors } from './error-facts.ts'
import type { Reply } from './reply.ts'

/** A reply with everything read from it that rules look at. */
export interface ReplyView {
  readonly status: number
  readonly headers: ReadonlyMap<string, string>
  /** The body as received. */
  readonly text: string
  /** Framed as server-sent events, whatever status and content type say. */
  readonly streamed: boolean
  /** A stream that came to its `[DONE]`. */
  readonly done: boolean
  /** The body, or each event of a stream, as far as they are JSON objects. */
  readonly objects: readonly JsonRecord[]
  readonly errors: readonly ErrorFacts[]
  readonly answer: Answer
}

/** Undefined where no response head was read. Never throws, whatever the bytes are. */
export function readReply({ status, headers, body, events }: Reply): ReplyView | undefined {
  if (status === undefined) return undefined
  const whole = events === undefined ? parseNested(body) : undefined
  const stream = whole === undefined ? (events ?? eventsOf(body)) : []
  const objects =
    whole === undefined
      ? stream.flatMap(({ data }) => recordsOf(parseJson(data)))
      : recordsOf(whole)
  return {
    status,
    headers,
    text: body,
    streamed: stream.length > 0,
    done: stream.some(({ data }) => data.trim() === '[DONE]'),
    objects,
    errors: readErrors(objects),
    answer: readAnswer(objects),
  }
}

/** Some gateways encode their JSON twice. */
function parseNested(text: string): unknown {
  const value = parseJson(text.replace(/^\uFEFF/, ''))
  return typeof value === 'string' ? (parseJson(value) ?? value) : value
}

/** By the look of it: block replies of streams come with any content type. */
function eventsOf(body: string): readonly StreamEvent[] {
  return /^(?:data|event):/m.test(body.slice(0, 65_536)) ? readEventStream(body) : []
}

/** Gemini streams without SSE are a list of objects. */
function recordsOf(value: unknown): readonly JsonRecord[] {
  if (isRecord(value)) return [value]
  return Array.isArray(value) ? value.filter((one) => isRecord(one)) : []
}
