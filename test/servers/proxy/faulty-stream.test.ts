import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { faultyResponse } from '../../../src/servers/proxy/faulty-response.ts'
import { parseStreamFaults, type StreamFaults } from '../../../src/servers/proxy/stream-faults.ts'
import { readStream } from '../../helpers/read-stream.ts'

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

/** A server whose answer is written through the faults. */
async function serverOf(faults: string, answer: (stream: ServerResponse) => Promise<void>) {
  const given = parseStreamFaults(faults) as StreamFaults
  const server = createServer({ ServerResponse: faultyResponse(given) }, (request, response) => {
    request.resume()
    response.writeHead(200, ['Content-Type', 'text/event-stream; charset=utf-8'])
    void answer(response)
  })
  return listen(server)
}

async function listen(server: Server): Promise<string> {
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

const pause = (ms: number) =>
  new Promise((resolve) => {
    setTimeout(resolve, ms)
  })
const EVENTS = ['data: ä\n\n', 'data: two\n\n', 'data: 語語\n\n']

async function sendAll(stream: ServerResponse): Promise<void> {
  for (const event of EVENTS) {
    stream.write(Buffer.from(event))
    await pause(20)
  }
  stream.end()
}

describe('a response with faults', () => {
  test.each([
    ['comments', 3],
    // Two events have a character to cut.
    ['split-utf8', 5],
    ['buffer', 1],
    ['coalesce:10s', 1],
    ['buffer,split-utf8', 3],
  ])('%s gives everything, in %i pieces', async (faults, pieces) => {
    const read = await readStream(await serverOf(faults, sendAll))
    expect(read.text.replaceAll(': keep-alive\n\n', '')).toBe(EVENTS.join(''))
    expect(read.pieces).toHaveLength(pieces)
    expect(read.whole).toBe(true)
  })

  test('coalesce holds what comes for its time, counted from the first piece held', async () => {
    const url = await serverOf('coalesce:60ms', async (stream) => {
      stream.write(Buffer.from('a'))
      stream.write(Buffer.from('b'))
      await pause(150)
      stream.write(Buffer.from('c'))
      stream.end()
    })
    const { pieces, times } = await readStream(url)
    expect(pieces.map(String)).toEqual(['ab', 'c'])
    expect(times[0]).toBeGreaterThanOrEqual(50)
  })

  test('says when to wait, as the response itself does', async () => {
    const said: boolean[] = []
    const url = await serverOf('comments', async (stream) => {
      for (let index = 0; index < 200; index += 1) {
        said.push(stream.write(Buffer.from(`data: ${'x'.repeat(10_000)}\n\n`)))
      }
      stream.end()
    })
    expect((await readStream(url)).text.length).toBeGreaterThan(2_000_000)
    expect(said).toContain(false)
  })

  test('an end within a cut character is waited for', async () => {
    const url = await serverOf('split-utf8', async (stream) => {
      stream.write(Buffer.from('data: ä\n\ndata: ö\n\n'))
      stream.end()
    })
    const { text, pieces, whole } = await readStream(url)
    expect([text, pieces.length, whole]).toEqual(['data: ä\n\ndata: ö\n\n', 3, true])
  })

  test.each<[string, string[]]>([
    ['another type', ['Content-Type', 'application/json']],
    ['compressed events', ['Content-Type', 'text/event-stream', 'Content-Encoding', 'gzip']],
  ])('leaves %s alone, and its length', async (_, headers) => {
    const given = parseStreamFaults('crlf,buffer,alter') as StreamFaults
    const server = createServer({ ServerResponse: faultyResponse(given) }, (request, response) => {
      request.resume()
      response.writeHead(200, [...headers, 'Content-Length', '9']).end('data: x\n\n')
    })
    const read = await readStream(await listen(server))
    expect(read.text).toBe('data: x\n\n')
  })

  test('drops the length of events that it changes', async () => {
    const given = parseStreamFaults('crlf') as StreamFaults
    const server = createServer({ ServerResponse: faultyResponse(given) }, (request, response) => {
      request.resume()
      response.writeHead(200, ['Content-Type', 'text/event-stream', 'Content-Length', '9'])
      response.end(Buffer.from('data: x\n\n'))
    })
    const read = await readStream(await listen(server))
    expect([read.text, read.whole]).toEqual(['data: x\r\n\r\n', true])
  })
})
