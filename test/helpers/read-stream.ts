import { request as httpRequest } from 'node:http'
import { performance } from 'node:perf_hooks'
import { readEventStream } from '../../src/wire/event-stream.ts'
import { listAt, parseJson, textAt, valueAt } from '../../src/wire/json.ts'

export interface StreamRead {
  readonly status: number
  /** The body in the pieces in which it came. */
  readonly pieces: readonly Buffer[]
  /** When each came, ms since the request was sent. */
  readonly times: readonly number[]
  readonly text: string
  /** Whether the body ended as HTTP says it should. */
  readonly whole: boolean
}

/** Asks for a streamed completion over a connection of its own and keeps the bytes as they came. */
export function readStream(url: string, given: Record<string, unknown> = {}): Promise<StreamRead> {
  const body = { model: 'm', messages: [{ role: 'user', content: 'hi' }], stream: true, ...given }
  return new Promise((resolve, reject) => {
    const sentAt = performance.now()
    const request = httpRequest(`${url}/v1/chat/completions`, { method: 'POST', agent: false })
    request.on('error', reject)
    request.on('response', (response) => {
      const pieces: Buffer[] = []
      const times: number[] = []
      response.on('data', (piece: Buffer) => {
        pieces.push(piece)
        times.push(performance.now() - sentAt)
      })
      // A body that is cut off is what some tests are about.
      response.on('error', () => {})
      response.on('close', () => {
        const text = Buffer.concat(pieces).toString()
        resolve({ status: response.statusCode ?? 0, pieces, times, text, whole: response.complete })
      })
    })
    request.end(JSON.stringify(body))
  })
}

/** The chunks of a stream, `[DONE]` and what is no JSON left out. */
export function chunksOf({ text }: StreamRead): unknown[] {
  return readEventStream(text).flatMap(({ data }) => parseJson(data) ?? [])
}

/** What the chunks say together. */
export function contentOf(stream: StreamRead, field = 'content'): string {
  return chunksOf(stream)
    .map((chunk) => textAt(chunk, 'choices', 0, 'delta', field))
    .join('')
}

/** What each chunk is: `role`, `reasoning`, `content`, `finish`, `usage`, `error`, and `done`. */
export function shapeOf({ text }: StreamRead): string[] {
  return readEventStream(text).map(({ data }) => {
    if (data === '[DONE]') return 'done'
    const chunk = parseJson(data)
    const delta = valueAt(chunk, 'choices', 0, 'delta')
    if (valueAt(chunk, 'error') !== undefined) return 'error'
    if (textAt(delta, 'content') !== '') return 'content'
    if (textAt(delta, 'reasoning_content') !== '') return 'reasoning'
    if (textAt(delta, 'role') !== '') return 'role'
    if (listAt(chunk, 'choices').length === 0) return chunk === undefined ? 'broken' : 'usage'
    return 'finish'
  })
}
