import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ANSWER } from './workload.ts'

/** The zero-delay upstream where nginx is not installed. Ends with its standard input. */
let count = 0
const server = createServer((request, response) => {
  request.resume()
  request.once('end', () => {
    if (request.url === '/count') {
      response.end(String(count))
      return
    }
    count += 1
    response.setHeader('content-type', 'application/json')
    response.end(ANSWER)
  })
})
server.keepAliveTimeout = 600_000
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  console.log(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
process.stdin.once('close', () => process.exit(0)).resume()
