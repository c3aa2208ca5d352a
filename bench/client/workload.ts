import { encodeChatRequest } from '../../src/wire/chat-request.ts'

/** The one request that every client sends. */
export const PATH = '/v1/chat/completions'
export const HEADERS: readonly (readonly [name: string, value: string])[] = [
  ['content-type', 'application/json'],
]
export const BODY = encodeChatRequest({
  model: 'bench',
  messages: [
    { role: 'system', content: 'You are a helpful assistant.' },
    { role: 'user', content: 'Return a one-word response: OK.' },
  ],
  temperature: 0,
  max_tokens: 1,
})

/** What the zero-delay upstream answers. */
export const ANSWER = JSON.stringify({
  object: 'chat.completion',
  choices: [{ index: 0, message: { role: 'assistant', content: 'OK' }, finish_reason: 'stop' }],
})

/** One client's turn, as its process is told of it. */
export interface Turn {
  readonly url: string
  readonly inFlight: number
  readonly warmUpMs: number
  readonly durationMs: number
}

/** What a turn came to. Only the measured part, but for `sentInAll`. */
export interface TurnResult {
  /** Complete responses with a status 2xx. */
  readonly ok: number
  readonly durationMs: number
  /** CPU time of the client's process, user and system. */
  readonly cpuMs: number
  /** Sent, warm-up included, and not ok; undefined where a client does not say. */
  readonly sentInAll?: number
  readonly notOk: number
}

export type PlayTurn = (turn: Turn) => Promise<TurnResult>
