import {
  createServer,
  type IncomingMessage,
  request as httpRequest,
  type RequestListener,
  type Server,
} from 'node:http'
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net'
import { performance } from 'node:perf_hooks'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import type { ProxyOptions } from '../../../src/servers/proxy/proxy-options.ts'
import { type RunningProxy, startProxy } from '../../../src/servers/proxy/start-proxy.ts'
import { upstreamPath } from '../../../src/servers/proxy/upstream-target.ts'
import { parseServerTiming } from '../../../src/wire/headers.ts'
import { readHopTimings } from '../../../src/wire/hop-timing.ts'

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

async function startUpstream(listener: RequestListener): Promise<{ url: string; server: Server }> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  cleanups.push(() => {
    server.closeAllConnections()
    return new Promise((resolve) => {
      server.close(resolve)
    })
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server }
}

async function start(upstream: string, options: Partial<ProxyOptions> = {}): Promise<RunningProxy> {
  const proxy = await startProxy({ upstream, ...options })
  cleanups.push(() => proxy.close(0))
  return proxy
}

async function readAll(stream: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of stream) pieces.push(piece as Buffer)
  return Buffer.concat(pieces)
}

/** Sends raw bytes and gives what comes back until the other side closes. */
function sendRaw(port: number, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    socket.on('data', (piece) => {
      text += piece.toString('latin1')
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(text))
  })
}

describe('forwarding', () => {
  test('bodies arrive byte for byte in both directions, however they are cut', async () => {
    const { url } = await startUpstream(async (request, response) => {
      const body = await readAll(request)
      response.write(body.subarray(0, body.length >> 1))
      setImmediate(() => response.end(body.subarray(body.length >> 1)))
    })
    const proxy = await start(url)
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 5000 }), async (bytes) => {
        const response = await fetch(`${proxy.url}/v1/x`, {
          method: 'POST',
          body: Buffer.from(bytes),
        })
        expect(Buffer.from(await response.arrayBuffer())).toEqual(Buffer.from(bytes))
      }),
      { numRuns: 50 },
    )
  })

  test('method, path, query and headers go through; hop-by-hop ones and the host do not', async () => {
    let seen:
      | { method: string | undefined; url: string | undefined; headers: IncomingMessage['headers'] }
      | undefined
    const { url } = await startUpstream((request, response) => {
      seen = { method: request.method, url: request.url, headers: request.headers }
      response.writeHead(
        201,
        'Made',
        [
          ['X-A', '1'],
          ['X-A', '2'],
          ['Keep-Alive', 'timeout=9'],
          ['Content-Length', '2'],
        ].flat(),
      )
      response.end('ok')
    })
    const proxy = await start(url)
    const raw = await sendRaw(
      proxy.port,
      'PUT /v1/a%20b?q=1&q=2 HTTP/1.1\r\nHost: evil\r\nConnection: close, X-Drop\r\nX-Drop: 1\r\nX-Keep: yes\r\nTE: trailers\r\nContent-Length: 0\r\n\r\n',
    )
    expect(seen).toMatchObject({ method: 'PUT', url: '/v1/a%20b?q=1&q=2' })
    expect(seen?.headers).toMatchObject({ 'x-keep': 'yes', host: new URL(url).host })
    expect(seen?.headers).not.toHaveProperty('x-drop')
    expect(seen?.headers).not.toHaveProperty('te')
    expect(raw).toMatch(/^HTTP\/1\.1 201 Made\r\nX-A: 1\r\nX-A: 2\r\n/)
    expect(raw).not.toContain('timeout=9')
    expect(raw).toContain('Content-Length: 2')
  })

  test('streams: the first piece arrives before the second is sent', async () => {
    let sendSecond = () => {}
    const { url } = await startUpstream((_, response) => {
      response.write('first')
      sendSecond = () => response.end('second')
    })
    const proxy = await start(url)
    const { body } = await fetch(`${proxy.url}/v1/stream`)
    const reader = body?.getReader()
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('first')
    sendSecond()
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('second')
    expect((await reader?.read())?.done).toBe(true)
  })

  test('a client that does not read holds the upstream back', async () => {
    const total = 64 * 1024 * 1024
    let written = 0
    const { url } = await startUpstream((_, response) => {
      const piece = Buffer.alloc(64 * 1024)
      const write = () => {
        while (written < total) {
          written += piece.length
          if (!response.write(piece)) {
            response.once('drain', write)
            return
          }
        }
        response.end()
      }
      write()
    })
    const proxy = await start(url)
    const socket = connect(proxy.port, '127.0.0.1', () =>
      socket.write('GET /v1/big HTTP/1.1\r\nHost: x\r\n\r\n'),
    )
    socket.pause()
    await new Promise((resolve) => {
      setTimeout(resolve, 500)
    })
    expect(written).toBeGreaterThan(0)
    expect(written).toBeLessThan(total / 2)
    socket.destroy()
  })

  test('upstream connections are kept and used again', async () => {
    const { url } = await startUpstream((_, response) => response.end('ok'))
    const proxy = await start(url)
    for (let index = 0; index < 5; index += 1) await (await fetch(`${proxy.url}/v1/x`)).text()
    expect(proxy.stats).toMatchObject({ requests: 5, upstreamConnections: 1 })
  })

  test.each([
    ['HEAD', 200, '5'],
    ['GET', 204, null],
    ['GET', 304, null],
  ])('%s with %i has no body', async (method, status, length) => {
    const { url } = await startUpstream((_, response) => {
      response.writeHead(status, length === null ? {} : { 'content-length': length }).end()
    })
    const proxy = await start(url)
    const response = await fetch(`${proxy.url}/v1/x`, { method })
    expect(response.status).toBe(status)
    expect(response.headers.get('content-length')).toBe(length)
    expect(await response.text()).toBe('')
  })

  test('a client that expects 100 gets it, and its body goes through', async () => {
    const { url } = await startUpstream(async (request, response) =>
      response.end(await readAll(request)),
    )
    const proxy = await start(url)
    const answer = await new Promise<string>((resolve, reject) => {
      const request = httpRequest(`${proxy.url}/v1/x`, {
        method: 'POST',
        headers: { expect: '100-continue', 'content-length': 5 },
      })
      request.on('continue', () => request.end('hello'))
      request.on('response', (response) => resolve(readAll(response).then(String)))
      request.on('error', reject)
      request.flushHeaders()
    })
    expect(answer).toBe('hello')
  })
})

describe('failures', () => {
  test('a dead upstream is 502 with an OpenAI error', async () => {
    const proxy = await start('http://127.0.0.1:9')
    const response = await fetch(`${proxy.url}/v1/x`)
    expect(response.status).toBe(502)
    expect(await response.json()).toMatchObject({ error: { type: 'upstream_unavailable' } })
  })

  test('a silent upstream is 504', async () => {
    const { url } = await startUpstream(() => {})
    const proxy = await start(url, { upstreamTimeoutMs: 100 })
    expect((await fetch(`${proxy.url}/v1/x`)).status).toBe(504)
  })

  test.each(['before', 'after'] as const)(
    'a reason phrase that is not ASCII does not hold the answer up (delay %s)',
    async (injectWhere) => {
      const upstream = createTcpServer((socket) => {
        socket.once('data', () =>
          socket.end(
            Buffer.from('HTTP/1.1 200 D\u00E9j\u00E0\r\nContent-Length: 2\r\n\r\nhi', 'latin1'),
          ),
        )
      })
      await new Promise<void>((resolve) => {
        upstream.listen(0, '127.0.0.1', resolve)
      })
      cleanups.push(
        () =>
          new Promise((resolve) => {
            upstream.close(resolve)
          }),
      )
      const { port } = upstream.address() as AddressInfo
      const proxy = await start(`http://127.0.0.1:${port}`, {
        injectWhere,
        injectDelay: { kind: 'fixed', ms: 1 },
      })
      const response = await fetch(`${proxy.url}/v1/x`, { signal: AbortSignal.timeout(5000) })
      expect(await response.text()).toBe('hi')
    },
  )

  test('an upstream that dies within an answer leaves it visibly cut off', async () => {
    const { url } = await startUpstream((_, response) => {
      response.writeHead(200, { 'content-length': 100 })
      response.write('half', () => response.destroy())
    })
    const proxy = await start(url)
    const response = await fetch(`${proxy.url}/v1/x`)
    await expect(response.text()).rejects.toThrow('terminated')
    expect(proxy.stats.upstreamFailures).toBe(1)
  })

  test('a client that leaves is gone for the upstream too', async () => {
    let closed = false
    const { url } = await startUpstream((_, response) => {
      response.write('first')
      response.once('close', () => {
        closed = true
      })
    })
    const proxy = await start(url)
    const stop = new AbortController()
    const response = await fetch(`${proxy.url}/v1/x`, { signal: stop.signal })
    await response.body?.getReader().read()
    stop.abort()
    await expect.poll(() => closed).toBe(true)
    expect(proxy.stats.clientDisconnects).toBe(1)
  })
})

describe('where requests go is configuration alone', () => {
  test.each([
    ['/v1/chat/completions', '/', '/v1/chat/completions'],
    ['/v1/x?y=/../z', '/base/', '/base/v1/x?y=/../z'],
    ['/v1/x', '/v1', '/v1/x'],
    ['/v1/../admin', '/', undefined],
    ['/v1/%2e%2e/admin', '/', undefined],
    [String.raw`/v1/..\admin`, '/', undefined],
    ['/v2/x', '/', undefined],
    ['http://evil/v1/x', '/', undefined],
    ['//evil/v1/x', '/', undefined],
    ['/health', '/', undefined],
  ])('%s under %s', (target, base, path) => {
    expect(upstreamPath(target, base)).toBe(path)
  })

  test('other paths are 404, health is the proxy’s own', async () => {
    const { url } = await startUpstream((_, response) => response.end('upstream'))
    const proxy = await start(`${url}/secret-path`)
    expect((await fetch(`${proxy.url}/admin`)).status).toBe(404)
    expect(await (await fetch(`${proxy.url}/health`)).json()).toEqual({
      status: 'healthy',
      upstream: url,
      storage: { traces: { healthy: true } },
    })
  })

  test('two framings at once are refused', async () => {
    let requests = 0
    const { url } = await startUpstream((_, response) => {
      requests += 1
      response.end()
    })
    const proxy = await start(url)
    const raw = await sendRaw(
      proxy.port,
      'POST /v1/x HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /v1/smuggled HTTP/1.1\r\nHost: x\r\n\r\n',
    )
    expect(raw).toMatch(/^HTTP\/1\.1 400/)
    expect(requests).toBe(0)
  })
})

describe('injected delay', () => {
  test.each([
    ['before', 'sleep'],
    ['after', 'sleep'],
    ['before', 'burn'],
  ] as const)('%s, %s: is never shorter, and is announced', async (injectWhere, injectHow) => {
    const { url } = await startUpstream((_, response) => {
      response.writeHead(200, { 'server-timing': 'total;dur=1.000' }).end('ok')
    })
    const proxy = await start(url, {
      injectDelay: { kind: 'fixed', ms: 25 },
      injectWhere,
      injectHow,
    })
    const startedAt = performance.now()
    const response = await fetch(`${proxy.url}/v1/x`)
    expect(await response.text()).toBe('ok')
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(25)
    const timings = parseServerTiming(response.headers.get('server-timing') ?? '')
    expect(timings['total']).toBe(1)
    expect(timings['injected']).toBeGreaterThanOrEqual(25)
    expect(timings['injected']).toBeLessThan(performance.now() - startedAt)
  })

  test('the hop tells its time, most of it waiting, with a delay or without', async () => {
    const { url } = await startUpstream((_, response) => {
      setTimeout(() => response.writeHead(200, { 'server-timing': 'total;dur=20.000' }).end(), 20)
    })
    const proxy = await start(url)
    const response = await fetch(`${proxy.url}/v1/x`)
    const [hop, model] = readHopTimings(response.headers.get('server-timing') ?? '')
    expect(hop?.name).toBe('proxy')
    expect(hop?.upstreamMs).toBeGreaterThan(18)
    expect(hop?.totalMs).toBeGreaterThan(hop?.upstreamMs ?? 0)
    expect(model).toEqual({ name: 'model', totalMs: 20, upstreamMs: undefined })
  })

  test('is not announced when told not to', async () => {
    const { url } = await startUpstream((_, response) => response.end('ok'))
    const proxy = await start(url, { injectDelay: { kind: 'fixed', ms: 1 }, announce: false })
    expect((await fetch(`${proxy.url}/v1/x`)).headers.get('server-timing')).toBeNull()
  })
})

test('close lets what is in flight finish', async () => {
  let finish = () => {}
  const { url } = await startUpstream((_, response) => {
    finish = () => response.end('done')
  })
  const proxy = await start(url)
  const pending = fetch(`${proxy.url}/v1/x`)
  await expect.poll(() => proxy.stats.upstreamConnections).toBe(1)
  const closed = proxy.close(5000)
  setTimeout(() => finish(), 50)
  expect(await (await pending).text()).toBe('done')
  await closed
})
