import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { chatCompletion } from '../../src/wire/chat-response.ts'
import { createUsage } from '../../src/wire/usage.ts'

/** Reads a request whole and answers at once, with an answer of usual length. */
const ANSWER = JSON.stringify(
  chatCompletion({
    id: 'chatcmpl-bench',
    created: 1_700_000_000,
    model: 'bench',
    content: 'The library opens at nine, and on Sundays at eleven. '.repeat(8),
    finishReason: 'stop',
    usage: createUsage(200, 100),
  }),
)

const server = createServer((request, response) => {
  request.resume()
  request.once('end', () => {
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(ANSWER),
    })
    response.end(ANSWER)
  })
})
server.keepAliveTimeout = 600_000
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  console.log(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
process.stdin.once('close', () => process.exit(0)).resume()
