import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * Streams events that hold the instant at which each was written, by the clock that all processes of a machine share.
 * As many events and as long a gap as the request's body says: `{"events": 100, "gapMs": 5}`. Ends with its input.
 */
const server = createServer((request, response) => {
  let body = ''
  request.on('data', (piece: Buffer) => {
    body += piece.toString()
  })
  request.on('end', () => {
    const { events, gapMs } = JSON.parse(body) as { events: number; gapMs: number }
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    let sent = 0
    const timer = setInterval(() => {
      sent += 1
      response.write(`data: {"sentNs":"${process.hrtime.bigint()}"}\n\n`)
      if (sent < events) return
      clearInterval(timer)
      response.end('data: [DONE]\n\n')
    }, gapMs)
    response.once('close', () => clearInterval(timer))
  })
})
server.listen(0, '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
process.stdin.once('close', () => process.exit(0)).resume()
