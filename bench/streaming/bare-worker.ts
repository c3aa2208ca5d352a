import { connect } from 'node:net'
import { answerTask } from '../client/worker.ts'
import { CHUNKS, REQUEST } from './workload.ts'

interface BareTask {
  readonly url: string
  readonly inFlight: number
  readonly requests: number
}

interface BareTimes {
  readonly ok: number
  readonly durationMs: number
  readonly cpuMs: number
}

const LAST = Buffer.from('0\r\n\r\n')

/** The least that reading a stream can cost in Node: reads the sockets until each answer's last bytes, and parses nothing. */
async function read({ url, inFlight, requests }: BareTask): Promise<BareTimes> {
  await play(url, inFlight, inFlight * 4)
  const cpu = process.cpuUsage()
  const startedAt = performance.now()
  const ok = await play(url, inFlight, requests)
  const durationMs = performance.now() - startedAt
  const { user, system } = process.cpuUsage(cpu)
  return { ok, durationMs, cpuMs: (user + system) / 1000 }
}

function play(url: string, inFlight: number, requests: number): Promise<number> {
  const { hostname, port, pathname } = new URL(url)
  const head = `POST ${pathname} HTTP/1.1\r\nhost: ${hostname}:${port}\r\ncontent-length: ${REQUEST.body.length}\r\n\r\n`
  const bytes = Buffer.concat([Buffer.from(head), REQUEST.body])
  return new Promise((resolve, reject) => {
    let left = requests
    let open = inFlight
    let ok = 0
    const readOn = () => {
      const buffer = Buffer.allocUnsafeSlow(65_536)
      let total = 0
      const next = () => {
        if (left === 0) {
          socket.destroy()
          open -= 1
          if (open === 0) resolve(ok)
          return
        }
        left -= 1
        total = 0
        socket.write(bytes)
      }
      const callback = (size: number) => {
        total += size
        const whole = total > CHUNKS * 100 && buffer.subarray(0, size).subarray(-5).equals(LAST)
        if (whole) {
          ok += 1
          next()
        }
        return true
      }
      const socket = connect({
        host: hostname,
        port: Number(port),
        noDelay: true,
        onread: { buffer, callback },
      })
      socket.once('connect', next)
      socket.once('error', reject)
    }
    for (let index = 0; index < inFlight; index += 1) readOn()
  })
}

export type BareBlock = typeof read

answerTask(read)
