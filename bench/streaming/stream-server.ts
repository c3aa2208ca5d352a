import { createServer, type AddressInfo, type Socket } from 'node:net'
import { Waiter } from '../../src/servers/simulator/waiter.ts'
import { CHUNKS, CONTENT, END, FIRST_MS, HEAD, NEXT_MS } from './workload.ts'

/**
 * Streams answers with as little work as Node allows, and keeps its own time to the first chunk of each: what a client's
 * TTFT is held against. Every chunk is a write of its own. Ends with its standard input.
 */
const waiter = new Waiter()
let ttftMs: number[] = []

function play(socket: Socket, receivedAt: number, waitMs: readonly [number, number]): void {
  const [firstMs, nextMs] = waitMs
  let sent = 0
  const sendNext = () => {
    if (socket.destroyed) return
    if (sent === 0) ttftMs.push(performance.now() - receivedAt)
    socket.write(sent === 0 ? HEAD + CONTENT : CONTENT)
    sent += 1
    if (sent === CHUNKS) socket.write(END)
    else if (nextMs > 0) waiter.after(nextMs, sendNext)
  }
  if (firstMs > 0) waiter.after(firstMs, sendNext)
  else for (let chunk = 0; chunk < CHUNKS; chunk += 1) sendNext()
}

function sendTimes(socket: Socket): void {
  const body = JSON.stringify(ttftMs)
  ttftMs = []
  socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`)
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
    const paced = text.startsWith('POST /paced')
    const times = text.startsWith('GET /times')
    text = ''
    if (times) sendTimes(socket)
    else play(socket, receivedAt, paced ? [FIRST_MS, NEXT_MS] : [0, 0])
  })
})
server.listen(0, '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
process.stdin.once('close', () => process.exit(0)).resume()
