import { type AddressInfo, createServer } from 'node:net'

// A zero-delay upstream that costs as little as Node can: it reads the length of a connection's first request and then
// counts bytes, because the bench sends nothing but equal ones. Ends with its standard input.
const BODY = '{"choices":[{"index":0,"message":{"role":"assistant","content":"OK."}}]}'
const ANSWER = Buffer.from(
  `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`,
)

const server = createServer({ noDelay: true }, (socket) => {
  let size = 0
  let received = 0
  let head = ''
  socket.on('error', () => {})
  socket.on('data', (piece) => {
    received += piece.length
    if (size === 0) {
      head += piece.toString('latin1')
      const end = head.indexOf('\r\n\r\n')
      const length = /content-length: *(\d+)/i.exec(head)?.[1]
      if (end === -1 || length === undefined) return
      size = end + 4 + Number(length)
    }
    for (; received >= size; received -= size) socket.write(ANSWER)
  })
})
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  console.log(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
process.stdin.once('close', () => process.exit(0)).resume()
