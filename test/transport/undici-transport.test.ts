import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Exchange } from '../../src/model/exchange.ts'
import { createTransport } from '../../src/transport/create-transport.ts'
import { createUndiciTransport } from '../../src/transport/undici-transport.ts'
import { RESPONSE_CASES } from '../helpers/response-cases.ts'
import { transportContract } from './contract.ts'

describe('undici transport', () => {
  // undici takes a 100 that nobody asked for as a broken connection; the lean transport passes over it.
  const taken = RESPONSE_CASES.filter(({ name }) => name !== 'a 100 that nobody asked for')
  transportContract(createUndiciTransport, taken)
})

describe('https', () => {
  const folder = join(import.meta.dirname, '../fixtures/tls')
  const server = createServer(
    { key: readFileSync(join(folder, 'key.pem')), cert: readFileSync(join(folder, 'cert.pem')) },
    (_, response) => response.end('{}'),
  )
  beforeAll(
    () =>
      new Promise<void>((resolve) => {
        server.listen(0, '127.0.0.1', resolve)
      }),
  )
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })

  async function sendOver(insecure: boolean): Promise<Exchange> {
    const { port } = server.address() as AddressInfo
    const transport = createTransport('auto', {
      url: new URL(`https://127.0.0.1:${port}/`),
      connections: 1,
      timeoutMs: 5000,
      keepAlive: true,
      insecure,
      useEnvProxy: false,
      captureHeaders: false,
      now: () => performance.now(),
    })
    const exchange = await new Promise<Exchange>((resolve) => {
      transport.send({ method: 'POST', headers: [], body: Buffer.from('{}') }, resolve)
    })
    await transport.close()
    return exchange
  }

  test('a certificate that nobody vouches for is refused', async () => {
    expect(await sendOver(false)).toMatchObject({ outcome: 'refused' })
  })

  test('--insecure takes it', async () => {
    expect(await sendOver(true)).toMatchObject({ outcome: 'ok', status: 200 })
  })
})
