import { Agent, request as httpRequest } from 'node:http'

export interface StreamSettings {
  readonly events: number
  readonly gapMs: number
}

/** How long each event of one stream was under way, ms, and in how many reads they came. */
export interface StreamDelays {
  readonly delaysMs: readonly number[]
  readonly reads: number
}

/** One connection a stream in flight, kept, so that none is opened while another's events are timed. */
const agent = new Agent({ keepAlive: true })

/** Asks for one stream and reads it to its end. */
export function readDelays(url: string, settings: StreamSettings): Promise<StreamDelays> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(`${url}/v1/chat/completions`, { method: 'POST', agent })
    request.on('error', reject)
    request.on('response', (response) => {
      const delaysMs: number[] = []
      let reads = 0
      response.on('data', (piece: Buffer) => {
        const now = process.hrtime.bigint()
        reads += 1
        for (const [, sentNs = '0'] of piece.toString().matchAll(/"sentNs":"(\d+)"/g)) {
          delaysMs.push(Number(now - BigInt(sentNs)) / 1e6)
        }
      })
      response.on('error', reject)
      response.on('end', () => resolve({ delaysMs, reads }))
    })
    request.end(JSON.stringify(settings))
  })
}

export function closeConnections(): void {
  agent.destroy()
}
