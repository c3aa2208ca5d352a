import { createServer, type AddressInfo, type Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import { afterEach, describe, expect, test } from 'vitest'
import type { Exchange } from '../../src/model/exchange.ts'
import type { Transport, TransportOptions } from '../../src/transport/transport.ts'
import { hasFlag } from '../../src/model/stream.ts'
import { RESPONSE_CASES, type ResponseCase } from '../helpers/response-cases.ts'
import {
  contentEvent,
  DONE_EVENT,
  finishEvent,
  ROLE_EVENT,
  usageEvent,
  wholeStream,
} from '../helpers/stream-events.ts'

type Answer = (socket: Socket, request: Buffer) => void

interface ScriptedServer {
  readonly url: URL
  connections: number
  requests: number
}

const REQUEST = {
  method: 'POST',
  headers: [['authorization', 'Bearer s3cret-token']] as const,
  body: Buffer.from('{"model":"m"}'),
}

/** The behaviour that every transport has, over real sockets to a server that plays exact bytes. */
export function transportContract(
  create: (options: TransportOptions) => Transport,
  cases: readonly ResponseCase[] = RESPONSE_CASES,
): void {
  const cleanups: (() => unknown)[] = []
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
  })

  async function serve(
    answer: Answer,
    onConnect: (socket: Socket) => void = () => {},
  ): Promise<ScriptedServer> {
    const sockets = new Set<Socket>()
    const server = createServer((socket) => {
      sockets.add(socket)
      scripted.connections += 1
      onConnect(socket)
      let bytes = Buffer.alloc(0)
      socket.on('error', () => {})
      socket.on('data', (piece) => {
        bytes = Buffer.concat([bytes, Buffer.from(piece)])
        const end = bytes.indexOf(REQUEST.body)
        if (end === -1) return
        const request = bytes
        bytes = Buffer.alloc(0)
        scripted.requests += 1
        answer(socket, request)
      })
    })
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve)
    })
    cleanups.push(() => {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => {
        server.close(resolve)
      })
    })
    const { port } = server.address() as AddressInfo
    const scripted: ScriptedServer = {
      url: new URL(`http://127.0.0.1:${port}/v1/x`),
      connections: 0,
      requests: 0,
    }
    return scripted
  }

  function transportTo(url: URL, options: Partial<TransportOptions> = {}): Transport {
    const transport = create({
      url,
      connections: 1,
      timeoutMs: 5000,
      keepAlive: true,
      insecure: false,
      useEnvProxy: false,
      captureHeaders: true,
      now: () => performance.now(),
      ...options,
    })
    cleanups.push(() => transport.close())
    return transport
  }

  function send(transport: Transport): Promise<Exchange> {
    return new Promise((resolve) => {
      transport.send(REQUEST, resolve)
    })
  }

  function expectOrdered(exchange: Exchange): void {
    const { sentAt, firstByteAt = sentAt, headersAt = firstByteAt, endedAt } = exchange
    const instants = [sentAt, firstByteAt, headersAt, endedAt]
    expect(instants).toEqual(instants.toSorted((a, b) => a - b))
  }

  test('a traceparent goes with the one request that it is of', async () => {
    const seen: string[] = []
    const server = await serve((socket, request) => {
      seen.push(request.toString('latin1'))
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n')
    })
    const transport = transportTo(server.url, { connections: 2 })
    await transport.open()
    const traced = (digit: string) => `00-${digit.repeat(32)}-${digit.repeat(16)}-01`
    // The fourth and fifth wait for a connection, and keep their own.
    const given = [traced('1'), undefined, traced('2'), traced('3'), undefined]
    await Promise.all(
      given.map(
        (traceparent) =>
          new Promise((resolve) => {
            transport.send(REQUEST, resolve, false, traceparent)
          }),
      ),
    )
    const told = seen.map((request) => /^traceparent: (.*)$/im.exec(request)?.[1]?.trim())
    expect(told.map(String).toSorted()).toEqual(given.map(String).toSorted())
    const [, ...others] = new Set(
      seen.map((request) => request.replace(/traceparent: .*\r\n/i, '')),
    )
    expect(others).toEqual([])
  })

  describe.each(cases)('$name', ({ bytes, closes, status, body, reusable }) => {
    async function expectRead(write: (socket: Socket) => void): Promise<void> {
      const server = await serve(write)
      const transport = transportTo(server.url)
      await transport.open()
      const exchange = await send(transport)
      expect(exchange).toMatchObject({ outcome: 'ok', status, bodyBytes: body.length })
      expectOrdered(exchange)
      expect(await send(transport)).toMatchObject({ outcome: 'ok', status })
      expect(server.connections).toBe(reusable ? 1 : 2)
    }

    test('is read whole, and the connection kept or not', () =>
      expectRead((socket) => {
        if (closes === true) socket.end(bytes, 'latin1')
        else socket.write(bytes, 'latin1')
      }))

    test('is read byte by byte', () =>
      expectRead((socket) => {
        socket.setNoDelay(true)
        const writeFrom = (index: number) => {
          if (index < bytes.length)
            socket.write(bytes.charAt(index), 'latin1', () => setImmediate(writeFrom, index + 1))
          else if (closes === true) socket.end()
        }
        writeFrom(0)
      }))
  })

  test('an answer that comes before the request was read is an answer', async () => {
    const early = 'HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'
    const server = await serve(
      () => {},
      (socket) => socket.once('data', () => socket.write(early)),
    )
    const transport = transportTo(server.url)
    expect(await send(transport)).toMatchObject({ outcome: 'http-error', status: 413 })
  })

  test('garbage after an answer is not the next answer', async () => {
    const server = await serve((socket) => {
      socket.write(
        'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 500 Smuggled\r\nContent-Length: 0\r\n\r\n',
      )
    })
    const transport = transportTo(server.url)
    expect(await send(transport)).toMatchObject({ outcome: 'ok', status: 200 })
    const next = await send(transport)
    expect(next.status).not.toBe(500)
  })

  test.each([
    [429, 'throttled'],
    [503, 'throttled'],
    [500, 'http-error'],
    [404, 'http-error'],
    [302, 'http-error'],
  ])('status %i is %s, with body and headers kept', async (status, outcome) => {
    const server = await serve((socket) => {
      socket.write(`HTTP/1.1 ${status} X\r\nRetry-After: 7\r\nContent-Length: 4\r\n\r\nwhy?`)
    })
    const exchange = await send(transportTo(server.url, { captureHeaders: false }))
    expect(exchange).toMatchObject({ outcome, status, errorBody: 'why?' })
    expect(exchange.rawHeaders?.toLowerCase()).toContain('retry-after: 7')
  })

  test('of a long error body the first 2048 bytes are kept, and all are counted', async () => {
    const server = await serve((socket) => {
      socket.write(`HTTP/1.1 500 X\r\nContent-Length: 5000\r\n\r\n${'e'.repeat(5000)}`)
    })
    const exchange = await send(transportTo(server.url))
    expect(exchange.errorBody).toHaveLength(2048)
    expect(exchange.bodyBytes).toBe(5000)
  })

  test('a 200 that is not JSON is ok', async () => {
    const server = await serve((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n{"a')
    })
    expect(await send(transportTo(server.url))).toMatchObject({ outcome: 'ok', status: 200 })
  })

  test('a connection that ends before an answer is reset', async () => {
    const server = await serve((socket) => socket.resetAndDestroy())
    expect(await send(transportTo(server.url))).toMatchObject({
      outcome: 'reset',
      status: undefined,
    })
  })

  test('a connection that closes cleanly before an answer is reset too', async () => {
    const server = await serve((socket) => socket.end())
    expect(await send(transportTo(server.url))).toMatchObject({
      outcome: 'reset',
      status: undefined,
    })
  })

  test.each([
    ['closes', (socket: Socket) => socket.end()],
    ['resets', (socket: Socket) => setTimeout(() => socket.resetAndDestroy(), 20)],
  ])('half a body and then %s is truncated', async (_, finish) => {
    const server = await serve((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf', () => finish(socket))
    })
    expect(await send(transportTo(server.url))).toMatchObject({ outcome: 'truncated', status: 200 })
  })

  test('a port where nobody listens is refused', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve)
    })
    const { port } = server.address() as AddressInfo
    await new Promise((resolve) => {
      server.close(resolve)
    })
    const transport = transportTo(new URL(`http://127.0.0.1:${port}/`))
    await transport.open()
    const exchange = await send(transport)
    expect(exchange.outcome).toBe('refused')
    expect(exchange.error).toContain('ECONNREFUSED')
  })

  test('bytes that are not HTTP are a protocol error', async () => {
    const server = await serve((socket) => {
      socket.write('SSH-2.0-OpenSSH_9.2\r\n\r\n')
    })
    expect(await send(transportTo(server.url))).toMatchObject({ outcome: 'protocol-error' })
  })

  test('no answer within the limit is timed out, never early, and the next request is served', async () => {
    let first = true
    const server = await serve((socket) => {
      if (!first) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
      first = false
    })
    const transport = transportTo(server.url, { timeoutMs: 120 })
    const exchange = await send(transport)
    expect(exchange.outcome).toBe('timed-out')
    expect(exchange.endedAt - exchange.sentAt).toBeGreaterThanOrEqual(100)
    expect(await send(transport)).toMatchObject({ outcome: 'ok' })
  })

  test('a body that trickles past the limit is timed out', async () => {
    const server = await serve((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n')
      const timer = setInterval(() => socket.write('x'), 20)
      socket.once('close', () => clearInterval(timer))
    })
    const exchange = await send(transportTo(server.url, { timeoutMs: 150 }))
    expect(exchange).toMatchObject({ outcome: 'timed-out', status: 200 })
  })

  test('many requests use exactly the connections of the pool', async () => {
    const server = await serve((socket) => {
      setImmediate(() => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'))
    })
    const transport = transportTo(server.url, { connections: 4 })
    await transport.open()
    const exchanges = await Promise.all(Array.from({ length: 100 }, () => send(transport)))
    expect(exchanges.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 100 }, () => 'ok'))
    expect(server.connections).toBe(4)
    expect(server.requests).toBe(100)
  })

  test('without keep-alive each request opens a connection', async () => {
    const server = await serve((socket) => {
      socket.end('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
    })
    const transport = transportTo(server.url, { keepAlive: false })
    for (let index = 0; index < 3; index += 1) {
      expect(await send(transport)).toMatchObject({ outcome: 'ok', reused: false })
    }
    expect(server.connections).toBe(3)
  })

  test('cancel ends what is in flight at once, and what comes later', async () => {
    const server = await serve(() => {})
    const transport = transportTo(server.url, { connections: 2 })
    const pending = [send(transport), send(transport), send(transport)]
    await expect.poll(() => server.requests).toBe(2)
    transport.cancel()
    const outcomes = (await Promise.all([...pending, send(transport)])).map(
      ({ outcome }) => outcome,
    )
    expect(outcomes).toEqual(['cancelled', 'cancelled', 'cancelled', 'cancelled'])
  })

  test('done is called once, also when the server closes after the answer', async () => {
    let calls = 0
    const server = await serve((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
      setTimeout(() => socket.resetAndDestroy(), 10)
    })
    const transport = transportTo(server.url)
    await new Promise<void>((resolve) => {
      transport.send(REQUEST, () => {
        calls += 1
        setTimeout(resolve, 60)
      })
    })
    expect(calls).toBe(1)
  })

  test('a connection that the server closed while idle is opened again, and that is recorded', async () => {
    let answered = 0
    const server = await serve((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
      answered += 1
      if (answered === 1) setTimeout(() => socket.end(), 10)
    })
    const transport = transportTo(server.url)
    await send(transport)
    await new Promise((resolve) => {
      setTimeout(resolve, 80)
    })
    expect(await send(transport)).toMatchObject({ outcome: 'ok', reused: false })
    expect(server.connections).toBe(2)
  })

  const STREAM_HEAD =
    'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n'
  const inChunk = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

  test('a stream is read with the instants of its reads', async () => {
    const server = await serve((socket) => {
      const pieces = [
        STREAM_HEAD + inChunk(ROLE_EVENT),
        inChunk(contentEvent('one')),
        // Two chunks of the coding in one read, and one instant.
        inChunk(contentEvent(' two')) + inChunk(contentEvent(' three')),
        `${inChunk(finishEvent())}${inChunk(usageEvent(3))}${inChunk(DONE_EVENT)}0\r\n\r\n`,
      ]
      const play = async () => {
        for (const piece of pieces) {
          socket.write(piece)
          await pause(30)
        }
      }
      void play()
    })
    const transport = transportTo(server.url, { stream: {} })
    await transport.open()
    const exchange = await send(transport)
    expect(exchange).toMatchObject({
      outcome: 'ok',
      stream: {
        chunks: 3,
        reads: 4,
        contentReads: 2,
        largestRead: 2,
        outputTokens: 3,
        inputTokens: 7,
        finishReason: 'stop',
        contentLength: 13,
      },
    })
    const { firstByteAt = 0, endedAt, stream } = exchange
    const { firstChunkAt = 0, firstTokenAt = 0, lastTokenAt = 0, gapsMs = [] } = stream ?? {}
    const instants = [
      exchange.sentAt,
      firstByteAt,
      firstChunkAt,
      firstTokenAt,
      lastTokenAt,
      endedAt,
    ]
    expect(instants).toEqual(instants.toSorted((a, b) => a - b))
    expect(firstTokenAt - firstChunkAt).toBeGreaterThan(15)
    expect(gapsMs).toEqual([lastTokenAt - firstTokenAt, 0])
    expect(hasFlag(stream?.flags ?? 0, 'done')).toBe(true)
    expect(hasFlag(stream?.flags ?? 0, 'cancelledAsAsked')).toBe(false)
  })

  test('a stream that breaks off keeps what came', async () => {
    const server = await serve((socket) => {
      socket.write(STREAM_HEAD + inChunk(contentEvent('half')), () => socket.end())
    })
    const { outcome, stream } = await send(transportTo(server.url, { stream: {} }))
    expect(outcome).toBe('truncated')
    expect(stream).toMatchObject({ chunks: 1, finishReason: 'none', outputTokens: undefined })
    expect(hasFlag(stream?.flags ?? 0, 'done')).toBe(false)
  })

  test('without a response there is a stream of nothing', async () => {
    const server = await serve((socket) => socket.resetAndDestroy())
    expect(await send(transportTo(server.url, { stream: {} }))).toMatchObject({
      outcome: 'reset',
      stream: { chunks: 0, flags: 0, firstChunkAt: undefined },
    })
  })

  test.each([
    ['a time', { ms: 60 }],
    ['some chunks', { chunks: 2 }],
  ])('a stream is cancelled after %s, as asked, and the server sees it', async (_, cancelAfter) => {
    let closed = 0
    const server = await serve((socket) => {
      socket.write(STREAM_HEAD)
      const timer = setInterval(() => socket.write(inChunk(contentEvent('x'))), 20)
      socket.once('close', () => {
        clearInterval(timer)
        closed += 1
      })
    })
    const transport = transportTo(server.url, { stream: { cancelAfter } })
    const exchange = await send(transport)
    expect(exchange.outcome).toBe('cancelled')
    expect(hasFlag(exchange.stream?.flags ?? 0, 'cancelledAsAsked')).toBe(true)
    expect(exchange.stream?.chunks).toBeGreaterThanOrEqual(1)
    await expect.poll(() => closed).toBe(1)
    expect(hasFlag((await send(transport)).stream?.flags ?? 0, 'cancelledAsAsked')).toBe(true)
  })

  test('a stream that ends sooner is not cancelled', async () => {
    const server = await serve((socket) => {
      socket.write(`${STREAM_HEAD}${inChunk(wholeStream(['a', 'b']))}0\r\n\r\n`)
    })
    const transport = transportTo(server.url, { stream: { cancelAfter: { chunks: 3 } } })
    expect(await send(transport)).toMatchObject({ outcome: 'ok', stream: { chunks: 2 } })
  })

  test('a run that is stopped cancels streams, and not as asked', async () => {
    const server = await serve((socket) => {
      socket.write(STREAM_HEAD + inChunk(contentEvent('x')))
    })
    const transport = transportTo(server.url, { stream: { cancelAfter: { ms: 5000 } } })
    const pending = send(transport)
    await expect.poll(() => server.requests).toBe(1)
    transport.cancel()
    const { outcome, stream } = await pending
    expect(outcome).toBe('cancelled')
    expect(hasFlag(stream?.flags ?? 0, 'cancelledAsAsked')).toBe(false)
  })

  test('the authorization header reaches the server and no error text', async () => {
    let seen = ''
    const server = await serve((socket, request) => {
      seen = request.toString('latin1')
      socket.resetAndDestroy()
    })
    const exchange = await send(transportTo(server.url))
    expect(seen).toContain('Bearer s3cret-token')
    expect(JSON.stringify(exchange)).not.toContain('s3cret-token')
  })
}
