import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { RecordSink } from '../../../../src/servers/proxy/exchange-record.ts'
import { startObservability } from '../../../../src/servers/proxy/observability.ts'
import { PROXY_DEFAULTS, type ProxyOptions } from '../../../../src/servers/proxy/proxy-options.ts'

export interface ObservedServer {
  readonly url: string
  readonly record: RecordSink
  close(): Promise<void>
}

/** All of the proxy but the forwarding: what tests record is what it knows. */
export async function startObserved(given: Partial<ProxyOptions> = {}): Promise<ObservedServer> {
  const options = { ...PROXY_DEFAULTS, upstream: 'http://127.0.0.1:9', ...given }
  let connections = 0
  const observability = await startObservability(options, () => connections)
  const server = createServer((request, response) => observability.serve(request, response))
  server.on('connection', (socket) => {
    connections += 1
    socket.once('close', () => {
      connections -= 1
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    record: observability.record,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => {
        server.close(resolve)
      })
      await observability.close()
    },
  }
}
