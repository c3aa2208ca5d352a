import type { PreparedRequest } from '../../src/transport/transport.ts'
import { encodeChatRequest } from '../../src/wire/chat-request.ts'

/** Content chunks of each stream. */
export const CHUNKS = 50

/** How the paced server times a stream: to the first chunk, and between two. */
export const FIRST_MS = 5
export const NEXT_MS = 5

export const REQUEST: PreparedRequest = {
  method: 'POST',
  headers: [['content-type', 'application/json']],
  body: Buffer.from(
    encodeChatRequest({
      model: 'bench',
      messages: [{ role: 'user', content: 'Count.' }],
      temperature: 0,
      max_tokens: CHUNKS,
      stream: true,
      stream_options: { include_usage: true },
    }),
  ),
}

const event = (value: unknown) => inChunk(`data: ${JSON.stringify(value)}\n\n`)

function inChunk(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`
}

function completionChunk(delta: object, finishReason: string | null) {
  const choices = [{ index: 0, delta, finish_reason: finishReason }]
  return { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'bench', choices }
}

/** A response in the pieces in which it is written; the head goes out with the first content chunk. */
export const HEAD =
  'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n'
export const CONTENT = event(completionChunk({ content: ' token' }, null))
export const END = [
  event(completionChunk({}, 'stop')),
  event({ choices: [], usage: { prompt_tokens: 9, completion_tokens: CHUNKS } }),
  inChunk('data: [DONE]\n\n'),
  '0\r\n\r\n',
].join('')
