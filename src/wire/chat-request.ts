import { isRecord, parseJson } from './json.ts'

/** A message as OpenAI-compatible APIs take it: content is a string, a list of parts, or null beside tool calls. */
export interface ChatMessage {
  readonly role: string
  readonly content?: unknown
}

export interface ChatRequest {
  readonly model: string
  readonly messages: readonly ChatMessage[]
  readonly temperature?: number
  readonly max_tokens?: number
  readonly stream?: boolean
  readonly stream_options?: StreamOptions
  /** Functions that the model may call. */
  readonly tools?: readonly unknown[]
  /** `required`, or an object that names a function, makes it call one. */
  readonly tool_choice?: unknown
  /** vLLM: go on to `max_tokens`, whatever the model would end with. */
  readonly ignore_eos?: boolean
}

export interface StreamOptions {
  /** A last chunk with the usage; every other says that it has none. */
  readonly include_usage?: boolean
  /** vLLM: the usage so far in every chunk. */
  readonly continuous_usage_stats?: boolean
}

/** JSON of a request: the standard fields in a fixed order, then what `extra` adds or overrides. */
export function encodeChatRequest(
  request: ChatRequest,
  extra: Readonly<Record<string, unknown>> = {},
): string {
  const { model, messages, temperature, max_tokens, stream, stream_options } = request
  const standard = { model, messages, temperature, max_tokens, stream, stream_options }
  return JSON.stringify({ ...standard, ...extra })
}

/** Reads a request body; returns the reason as a string where it is not one. */
export function parseChatRequest(body: string): ChatRequest | string {
  const value = parseJson(body)
  if (value === undefined) return 'the body is not valid JSON'
  if (!isRecord(value)) return 'the body is not a JSON object'
  const { model, messages, temperature, max_tokens, max_completion_tokens, stream } = value
  if (typeof model !== 'string' || model === '') return 'model is missing'
  if (!Array.isArray(messages) || messages.length === 0) return 'messages is missing or empty'
  if (!messages.every((message) => isRecord(message) && typeof message['role'] === 'string')) {
    return 'each message needs a role'
  }
  const limit = max_completion_tokens ?? max_tokens
  return {
    model,
    messages: messages as ChatMessage[],
    stream: stream === true,
    ...(Array.isArray(value['tools'])
      ? { tools: value['tools'], tool_choice: value['tool_choice'] }
      : {}),
    ...(typeof temperature === 'number' ? { temperature } : {}),
    ...(typeof limit === 'number' && limit >= 1 ? { max_tokens: Math.floor(limit) } : {}),
    ...(isRecord(value['stream_options'])
      ? {
          stream_options: {
            include_usage: value['stream_options']['include_usage'] === true,
            continuous_usage_stats: value['stream_options']['continuous_usage_stats'] === true,
          },
        }
      : {}),
    ...(value['ignore_eos'] === true ? { ignore_eos: true } : {}),
  }
}

/** The text of a message's content, whatever its shape; empty where it has none. */
export function contentText(content: unknown): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return content
    .map((part: unknown) =>
      isRecord(part) && typeof part['text'] === 'string' ? part['text'] : '',
    )
    .join('')
}

/** The last thing that the user said. */
export function lastUserText(messages: readonly ChatMessage[]): string {
  return contentText(messages.findLast((message) => message.role === 'user')?.content)
}
