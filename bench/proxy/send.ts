import { Agent, request as httpRequest } from 'node:http'
import { performance } from 'node:perf_hooks'
import type { BenchServer } from './servers.ts'

export interface Sender {
  /** How long an exchange takes, ms. Rejects for any answer but 200: what is measured would be something else. */
  send(body: string): Promise<number>
  close(): void
}

export function createSender({ url, headers, name }: BenchServer, connections: number): Sender {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const target = new URL('/v1/chat/completions', url)
  return {
    send: (body) =>
      new Promise((resolve, reject) => {
        const length = Buffer.byteLength(body)
        const all = { 'content-type': 'application/json', 'content-length': length, ...headers }
        const startedAt = performance.now()
        const request = httpRequest(target, { method: 'POST', agent, headers: all }, (response) => {
          response.resume()
          response.once('end', () => {
            if (response.statusCode === 200) resolve(performance.now() - startedAt)
            else reject(new Error(`${name} answered ${response.statusCode}`))
          })
        })
        request.once('error', reject)
        request.end(body)
      }),
    close: () => agent.destroy(),
  }
}
