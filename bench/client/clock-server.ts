import { createServer, type AddressInfo, type Socket } from 'node:net'
import { Waiter } from '../../src/servers/simulator/waiter.ts'
import { formatServerTiming } from '../../src/wire/headers.ts'
import { ANSWER } from './workload.ts'

/**
 * Answers after a fixed time and tells how long that took, with as little work a request as Node allows. The
 * simulator works harder: at 50 in flight requests wait in its socket before its clock sees them, and that wait
 * would be taken for the client's. Ends with its standard input.
 */
const delayMs = Number(process.argv[2])
const waiter = new Waiter()
let times: number[] = []

function answer(socket: Socket, receivedAt: number): void {
  const total = performance.now() - receivedAt
  times.push(total)
  write(socket, ANSWER, `server-timing: ${formatServerTiming({ total })}\r\n`)
}

function write(socket: Socket, body: string, headers: string): void {
  const head = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n${headers}`
  socket.write(`${head}content-length: ${body.length}\r\n\r\n${body}`)
}

/** Answers `GET /times` with the times since it was last asked, and forgets them. */
function handle(socket: Socket, request: string, receivedAt: number): void {
  if (request.startsWith('GET /times ')) {
    write(socket, JSON.stringify(times), '')
    times = []
    return
  }
  waiter.after(delayMs, () => answer(socket, receivedAt))
}

const server = createServer({ noDelay: true }, (socket) => {
  let text = ''
  socket.on('error', () => {})
  socket.on('data', (piece) => {
    const receivedAt = performance.now()
    text += piece.toString('latin1')
    const headEnd = text.indexOf('\r\n\r\n')
    if (headEnd === -1) return
    const length = Number(/content-length: *(\d+)/i.exec(text)?.[1] ?? 0)
    if (text.length < headEnd + 4 + length) return
    const request = text
    text = ''
    handle(socket, request, receivedAt)
  })
})
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  console.log(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
process.stdin.once('close', () => process.exit(0)).resume()
