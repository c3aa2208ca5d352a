import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { startSimulator } from '../../../src/servers/simulator/start-simulator.ts'
import { startTap } from '../../../src/servers/tap/start-tap.ts'
import type { TapOptions } from '../../../src/servers/tap/tap-options.ts'
import type { Arrival } from '../../../src/wire/arrival.ts'
import { scratchFolder } from '../../helpers/scratch-folder.ts'

const folder = scratchFolder()
const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

async function upstream(listener: RequestListener): Promise<string> {
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
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function tapTo(url: string, options: Partial<TapOptions> = {}) {
  const tap = await startTap({ upstream: url, ...options })
  cleanups.push(() => tap.close(0))
  const log = async (query = '') => {
    const page = await fetch(`${tap.url}/tap/log${query}`)
    return (await page.json()) as { total: number; entries: Partial<Arrival>[] }
  }
  return { ...tap, log }
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
    socket.on('close', () => resolve(text))
  })
}

const chat = (content: string, more: object = {}) =>
  JSON.stringify({ model: 'm', messages: [{ role: 'user', content }], ...more })

describe('what passes', () => {
  test('is the same bytes in both directions, whatever the path', async () => {
    const seen: (string | undefined)[] = []
    const url = await upstream(async (request, response) => {
      seen.push(`${request.method} ${request.url}`)
      const body = await readAll(request)
      response.write(body.subarray(0, body.length >> 1))
      setImmediate(() => response.end(body.subarray(body.length >> 1)))
    })
    const tap = await tapTo(`${url}/base/`)
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 5000 }), async (bytes) => {
        const body = Buffer.from(bytes)
        const response = await fetch(`${tap.url}/api/generate?a=1`, { method: 'PUT', body })
        expect(Buffer.from(await response.arrayBuffer())).toEqual(body)
      }),
      { numRuns: 40 },
    )
    expect(new Set(seen)).toEqual(new Set(['PUT /base/api/generate?a=1']))
  })

  test('has status, reason and headers as they were, without those of one hop', async () => {
    let headers: IncomingMessage['headers'] = {}
    const url = await upstream((request, response) => {
      ;({ headers } = request)
      response.sendDate = false
      response
        .writeHead(246, 'Flagged', ['X-A', '1', 'X-A', '2', 'Keep-Alive', 'timeout=9'])
        .end('{}')
    })
    const tap = await tapTo(url)
    const raw = await sendRaw(
      tap.port,
      'GET /v1/x HTTP/1.1\r\nHost: evil\r\nConnection: close, X-Drop\r\nX-Drop: 1\r\nAuthorization: Bearer s3cret\r\n\r\n',
    )
    expect(headers).toMatchObject({ host: new URL(url).host, authorization: 'Bearer s3cret' })
    expect(headers).not.toHaveProperty('x-drop')
    expect(raw).toMatch(/^HTTP\/1\.1 246 Flagged\r\nX-A: 1\r\nX-A: 2\r\n/)
    expect(raw).not.toContain('timeout=9')
    expect(JSON.stringify(await tap.log())).not.toContain('s3cret')
  })

  test('passes as it comes: an event before the next one is sent', async () => {
    let sendNext = () => {}
    const url = await upstream((_, response) => {
      response.write('data: 1\n\n')
      sendNext = () => response.end('data: 2\n\n')
    })
    const { body } = await fetch(`${(await tapTo(url)).url}/v1/x`)
    const reader = body?.getReader()
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('data: 1\n\n')
    sendNext()
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('data: 2\n\n')
    expect((await reader?.read())?.done).toBe(true)
  })

  test('is held back by a client that does not read', async () => {
    const total = 64 * 1024 * 1024
    let written = 0
    const url = await upstream((_, response) => {
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
    const tap = await tapTo(url)
    const socket = connect(tap.port, '127.0.0.1', () =>
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
})

const SHARED = [
  'sequence',
  'method',
  'path',
  'caseId',
  'agentId',
  'model',
  'stream',
  'promptHash',
  'lastUserHash',
  'lastUserText',
  'requestBytes',
  'status',
  'aborted',
] as const

describe('what is written down', () => {
  test('has the marks that the simulator behind it writes down itself', async () => {
    const simulator = await startSimulator()
    cleanups.push(() => simulator.close(0))
    const tap = await tapTo(simulator.url)
    const headers = { 'X-LLMTrace-Bench-Case': 'inj-1', 'X-LLMTrace-Agent-ID': 'me' }
    const init = { method: 'POST', headers, body: chat('Ünïcode ✓', { stream: true }) }
    const text = await (await fetch(`${tap.url}/v1/chat/completions`, init)).text()
    const [tapped] = (await tap.log()).entries
    const behind = (await (await fetch(`${simulator.url}/simulator/log`)).json()) as {
      entries: Partial<Arrival>[]
    }
    const [simulated] = behind.entries
    const marks = (entry: Partial<Arrival> = {}) => SHARED.map((key) => [key, entry[key]])
    expect(marks(tapped).flat()).not.toContain(undefined)
    expect(marks(tapped)).toEqual(marks(simulated))
    expect(tapped?.answerBytes).toBe(Buffer.byteLength(text))
    expect(tapped?.firstByteAt).toBeGreaterThanOrEqual(tapped?.at ?? Infinity)
    expect(tapped?.endedAt).toBeGreaterThanOrEqual(tapped?.lastByteAt ?? Infinity)
    expect(Math.abs(Date.parse(tapped?.arrivedAt ?? '') - Date.now())).toBeLessThan(60_000)
  })

  test('is kept in a file too, and can be asked for in pages and cleared', async () => {
    const url = await upstream((request, response) => {
      request.resume().on('end', () => response.writeHead(201).end('ok'))
    })
    const logFile = join(folder.path, 'tap.jsonl')
    const tap = await tapTo(url, { logFile, logLimit: 2 })
    for (const text of ['a', 'b', 'c']) {
      await (await fetch(`${tap.url}/v1/x`, { method: 'POST', body: chat(text) })).text()
    }
    expect((await tap.log()).entries.map(({ sequence }) => sequence)).toEqual([2, 3])
    expect(await tap.log('?since=2&limit=5')).toMatchObject({
      total: 1,
      entries: [{ sequence: 3 }],
    })
    await fetch(`${tap.url}/tap/log`, { method: 'DELETE' })
    expect((await tap.log()).total).toBe(0)
    await tap.close()
    const lines = readFileSync(logFile, 'utf8').trim().split('\n')
    expect(lines.map((line) => JSON.parse(line) as Arrival)).toMatchObject([
      { sequence: 1, lastUserText: 'a', status: 201 },
      { sequence: 2, lastUserText: 'b', status: 201 },
      { sequence: 3, lastUserText: 'c', status: 201 },
    ])
  })

  test('of a body that is no chat request is its size alone', async () => {
    const url = await upstream((request, response) => {
      request.resume().on('end', () => response.end())
    })
    const tap = await tapTo(url)
    await (await fetch(`${tap.url}/v1/embeddings`, { method: 'POST', body: '{"input":1}' })).text()
    await expect
      .poll(async () => (await tap.log()).entries[0])
      .toMatchObject({ requestBytes: 11, status: 200, aborted: false })
    expect((await tap.log()).entries[0]).not.toHaveProperty('promptHash')
  })
})

describe('what goes wrong', () => {
  test('a client that leaves ends its request to the model, and is written down', async () => {
    let closed = false
    const url = await upstream((_, response) => {
      response.write('data: 1\n\n')
      response.on('close', () => {
        closed = true
      })
    })
    const tap = await tapTo(url)
    const stop = new AbortController()
    const response = await fetch(`${tap.url}/v1/x`, { signal: stop.signal })
    await response.body?.getReader().read()
    expect(closed).toBe(false)
    stop.abort()
    await expect.poll(() => closed).toBe(true)
    const [entry] = (await tap.log()).entries
    expect(entry).toMatchObject({ status: 200, aborted: true })
    expect(entry?.abortedAt).toBeGreaterThanOrEqual(entry?.firstByteAt ?? Infinity)
  })

  test('an upload that is broken off is written down, without a prompt', async () => {
    const url = await upstream((request) => {
      request.on('error', () => {}).resume()
    })
    const logFile = join(folder.path, 'aborted.jsonl')
    const tap = await tapTo(url, { logFile })
    const socket = connect(tap.port, '127.0.0.1', () => {
      socket.write('POST /v1/x HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{"model":"m"')
    })
    await expect.poll(async () => (await tap.log()).total).toBe(1)
    socket.destroy()
    await expect.poll(() => readFileSync(logFile, 'utf8')).toContain('"aborted":true')
    await expect.poll(async () => (await tap.log()).entries[0]?.requestBytes).toBe(12)
    expect((await tap.log()).entries[0]).not.toHaveProperty('promptHash')
  })

  test('a model that answers before it has read all leaves the connection usable', async () => {
    const url = await upstream((request, response) => {
      request.once('data', () => response.writeHead(401).end('no'))
    })
    const tap = await tapTo(url)
    const body = 'x'.repeat(4 * 1024 * 1024)
    const response = await fetch(`${tap.url}/v1/x`, { method: 'POST', body })
    expect([response.status, await response.text()]).toEqual([401, 'no'])
    expect((await fetch(`${tap.url}/tap/health`)).status).toBe(200)
    await expect.poll(async () => (await tap.log()).entries[0]?.requestBytes).toBeGreaterThan(0)
  })

  test('a model that cannot be reached is 502, one that breaks off cuts the answer', async () => {
    const dead = await tapTo('http://127.0.0.1:1')
    const refused = await fetch(`${dead.url}/v1/x`, { method: 'POST', body: chat('a') })
    expect(refused.status).toBe(502)
    expect(await refused.json()).toMatchObject({ error: { type: 'upstream_unavailable' } })
    await expect
      .poll(async () => (await dead.log()).entries[0])
      .toMatchObject({ status: 502, aborted: false })

    const url = await upstream((_, response) => {
      response.write('half', () => response.socket?.destroy())
    })
    const breaking = await tapTo(url)
    const response = await fetch(`${breaking.url}/v1/x`)
    await expect(response.text()).rejects.toThrow('terminated')
    expect((await breaking.log()).entries[0]).toMatchObject({ status: 200, aborted: true })
  })

  test('a silent model is 504', async () => {
    const url = await upstream(() => {})
    const tap = await tapTo(url, { upstreamTimeoutMs: 100 })
    expect((await fetch(`${tap.url}/v1/x`)).status).toBe(504)
  })

  test.each([
    ['GET http://evil/v1/x HTTP/1.1', '400'],
    ['GET /tap/nothing HTTP/1.1', '404'],
    ['POST /tap/log HTTP/1.1', '404'],
  ])('%s is refused', async (line, status) => {
    const url = await upstream((_, response) => response.end())
    const tap = await tapTo(url)
    const raw = await sendRaw(tap.port, `${line}\r\nHost: x\r\nConnection: close\r\n\r\n`)
    expect(raw).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect((await tap.log()).total).toBe(0)
  })

  test('a log file that cannot be opened is an error before the tap listens', async () => {
    const logFile = join(folder.path, 'no', 'such', 'folder.jsonl')
    await expect(startTap({ upstream: 'http://127.0.0.1:1', logFile })).rejects.toThrow('ENOENT')
  })
})
