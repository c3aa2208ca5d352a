import type { ServerResponse } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { UpstreamLog } from '../../src/observability/upstream-log.ts'
import { startSimulator } from '../../src/servers/simulator/start-simulator.ts'
import { startServer } from '../helpers/json-server.ts'

const FETCHING = { headers: {}, timeoutMs: 2000, insecure: false }

const servers: { close(graceMs?: number): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close(0)))
})

async function simulator(logLimit = 100_000) {
  const started = await startSimulator({ logLimit })
  servers.push(started)
  const send = async (caseId: string) => {
    const response = await fetch(`${started.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'X-LLMTrace-Bench-Case': caseId },
      body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: caseId }] }),
    })
    await response.text()
  }
  const log = new UpstreamLog(`${started.url}/simulator/log`, FETCHING)
  return { url: started.url, send, log }
}

/** A log that answers with this. */
async function logOf(answer: (response: ServerResponse, url: URL) => void): Promise<UpstreamLog> {
  const server = await startServer((request, response) =>
    answer(response, new URL(request.url ?? '', 'http://x')),
  )
  servers.push(server)
  return new UpstreamLog(`${server.url}/log?team=blue`, FETCHING)
}

describe('the log of a simulator', () => {
  test('gives what arrived since it was opened', async () => {
    const { send, log } = await simulator()
    await send('before')
    await log.open()
    await send('one')
    await send('two')
    const { entries, complete, notes } = await log.read()
    expect(entries).toMatchObject([
      { sequence: 2, caseId: 'one', lastUserText: 'one', status: 200 },
      { sequence: 3, caseId: 'two', lastUserText: 'two', status: 200 },
    ])
    expect(entries[0]?.promptHash).toMatch(/^[0-9a-f]{16}$/)
    expect({ complete, notes }).toEqual({ complete: true, notes: [] })
  })

  test('that was empty, and stays so, is complete', async () => {
    const { log } = await simulator()
    await log.open()
    expect(await log.read()).toEqual({ entries: [], complete: true, notes: [] })
  })

  test('that has forgotten something says so', async () => {
    const { send, log } = await simulator(2)
    for (const caseId of ['a', 'b']) await send(caseId)
    await log.open()
    for (const caseId of ['c', 'd', 'e', 'f']) await send(caseId)
    const { complete, notes } = await log.read()
    expect(complete).toBe(false)
    expect(notes.join()).toContain('does not hold everything')
  })

  test('that began anew says so', async () => {
    let total = 9
    const log = await logOf((response, url) => {
      const since = Number(url.searchParams.get('since'))
      const sequence = total
      const entries = sequence > since ? [{ sequence, caseId: 'x' }] : []
      response.end(JSON.stringify({ total: entries.length, entries }))
    })
    await log.open()
    total = 2
    expect(await log.read()).toMatchObject({ entries: [], complete: false })
  })
})

describe('a log of many entries', () => {
  test('is read page by page, with what its URL asks for besides', async () => {
    const pages: string[] = []
    const log = await logOf((response, url) => {
      const since = Number(url.searchParams.get('since'))
      pages.push(url.search)
      // What it had before the run is one.
      const last = pages.length === 1 ? 1 : 2500
      const found = Math.max(0, last - since)
      const shown = Math.min(found, Number(url.searchParams.get('limit')))
      const entries = Array.from({ length: shown }, (_, index) => ({ sequence: since + index + 1 }))
      response.end(JSON.stringify({ total: found, entries }))
    })
    await log.open()
    const { entries, complete } = await log.read()
    expect(entries).toHaveLength(2499)
    expect(complete).toBe(true)
    expect(pages).toEqual([
      '?team=blue&since=0&limit=1',
      '?team=blue&since=1&limit=1000',
      '?team=blue&since=1001&limit=1000',
      '?team=blue&since=2001&limit=1000',
    ])
  })

  test('that never ends is read no further than makes sense', async () => {
    let pages = 0
    const log = await logOf((response) => {
      pages += 1
      response.end('{"total": 1000000, "entries": [{"sequence": 5}]}')
    })
    await log.open()
    expect((await log.read()).complete).toBe(false)
    expect(pages).toBeLessThan(300)
  })
})

describe('what is no log', () => {
  test.each<[string, (response: ServerResponse) => void, RegExp]>([
    ['an error', (response) => response.writeHead(500).end('{}'), /answers 500/],
    ['no JSON', (response) => response.end('<html>'), /no JSON/],
    ['another shape', (response) => response.end('[]'), /is no log/],
    ['a cut connection', (response) => response.destroy(), /UND_ERR_SOCKET|ECONNRESET|closed/],
    [
      'another place',
      (response) => response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end(),
      /answers 302/,
    ],
  ])('%s is a reason, and no crash', async (_, answer, message) => {
    const log = await logOf(answer)
    await expect(log.open()).rejects.toThrow(message)
    expect(await log.read()).toEqual({ entries: [], complete: false, notes: [] })
  })

  test('nobody there is a reason', async () => {
    const log = new UpstreamLog('http://127.0.0.1:9/simulator/log', FETCHING)
    await expect(log.open()).rejects.toThrow(/ECONNREFUSED/)
  })

  test('a server that never answers is given up', async () => {
    const server = await startServer(() => {})
    servers.push(server)
    const log = new UpstreamLog(server.url, { ...FETCHING, timeoutMs: 50 })
    await expect(log.open()).rejects.toThrow(/no whole answer within 0\.05 s/)
  })

  test('a log that breaks in the middle keeps what it gave', async () => {
    let asked = 0
    const log = await logOf((response) => {
      asked += 1
      if (asked === 1) response.end('{"total": 0, "entries": []}')
      else if (asked === 2) response.end('{"total": 5, "entries": [{"sequence": 1}]}')
      else response.writeHead(503).end()
    })
    await log.open()
    const { entries, complete, notes } = await log.read()
    expect(entries).toHaveLength(1)
    expect(complete).toBe(false)
    expect(notes.join()).toContain('503')
  })
})
