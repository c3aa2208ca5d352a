import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { chatCompletion } from '../../src/wire/chat-response.ts'

export interface ChatServer {
  /** URL of the chat-completions resource. */
  readonly url: string
  readonly server: Server
  close(): Promise<void>
}

/** A completion that says `text`, as JSON. */
export function completion(text = 'OK', tokens = 2): string {
  return JSON.stringify(
    chatCompletion({
      id: 'chatcmpl-1',
      created: 1,
      model: 'm',
      content: text,
      finishReason: 'stop',
      usage: { prompt_tokens: 3, completion_tokens: tokens, total_tokens: 3 + tokens },
    }),
  )
}

/** A server whose every answer is the test's own; the request's body is read first. */
export async function startChatServer(
  answer: (request: IncomingMessage, response: ServerResponse, body: string) => void,
): Promise<ChatServer> {
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (piece: Buffer) => {
      body += piece.toString()
    })
    request.on('end', () => answer(request, response, body))
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/v1/chat/completions`,
    server,
    async close() {
      const closed = new Promise((resolve) => {
        server.close(resolve)
      })
      server.closeAllConnections()
      await closed
    },
  }
}
