import type { IncomingMessage } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import type { FindingsApi } from '../../src/observability/findings-source.ts'
import { llmtrace } from '../../src/observability/llmtrace.ts'
import { startServer } from '../helpers/json-server.ts'

const servers: { close(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

const SINCE = Date.UTC(2026, 10, 24, 12)
const at = (seconds: number) => new Date(SINCE + seconds * 1000).toISOString()

function trace(id: string, seconds: number, span: Record<string, unknown> = {}) {
  return {
    trace_id: id,
    tenant_id: 't',
    created_at: at(seconds),
    spans: [{ trace_id: id, prompt: `user: ${id}`, security_findings: [], ...span }],
  }
}

const FINDING = { finding_type: 'prompt_injection', severity: 'High', confidence_score: 0.9 }

/** An API that gives these lists, newest first, in pages. */
async function api(
  traces: readonly unknown[],
  findings: readonly unknown[] = [],
  date = new Date().toUTCString(),
) {
  const seen: IncomingMessage[] = []
  const server = await startServer((request, response) => {
    seen.push(request)
    const url = new URL(request.url ?? '', 'http://x')
    const list = url.pathname === '/api/v1/traces' ? traces : findings
    const offset = Number(url.searchParams.get('offset'))
    const limit = Number(url.searchParams.get('limit'))
    const data = list.slice(offset, offset + limit)
    response.writeHead(200, { date })
    response.end(JSON.stringify({ data, total: list.length, limit, offset }))
  })
  servers.push(server)
  const given: FindingsApi = {
    url: new URL(server.url),
    token: 'tok-1',
    tenant: 'tenant-1',
    fetching: { timeoutMs: 2000, insecure: false },
    since: SINCE,
  }
  return { read: () => llmtrace.read(given), seen }
}

describe('LLMTrace’s API', () => {
  test('gives traces with their findings, asked for as the tenant and with the token', async () => {
    const found = trace('b', 2, { security_score: 80, security_findings: [FINDING] })
    const { read, seen } = await api([found, trace('a', 1)])
    expect((await read()).traces).toEqual([
      {
        traceId: 'b',
        prompt: 'user: b',
        createdAt: SINCE + 2000,
        score: 80,
        findings: [{ type: 'prompt_injection', severity: 'High' }],
      },
      { traceId: 'a', prompt: 'user: a', createdAt: SINCE + 1000, score: undefined, findings: [] },
    ])
    expect(seen.map(({ url }) => url?.split('?')[0])).toEqual([
      '/api/v1/traces',
      '/api/v1/security/findings',
    ])
    for (const { headers } of seen) {
      expect(headers).toMatchObject({
        authorization: 'Bearer tok-1',
        'x-llmtrace-tenant-id': 'tenant-1',
      })
    }
  })

  test('merges what both lists say of a trace', async () => {
    const span = { trace_id: 'a', prompt: '', start_time: at(3), security_score: 60 }
    const other = { ...span, security_findings: [FINDING, { ...FINDING, severity: 'Low' }] }
    const { read } = await api(
      [trace('a', 1, { security_score: 30, security_findings: [FINDING] })],
      [other],
    )
    expect((await read()).traces).toMatchObject([
      { traceId: 'a', prompt: 'user: a', score: 60, findings: [{}, { severity: 'Low' }] },
    ])
  })

  test('reads page by page, and no further than the beginning of the run', async () => {
    const run = Array.from({ length: 1200 }, (_, index) => trace(`r${index}`, 2000 - index))
    const older = Array.from({ length: 5000 }, (_, index) => trace(`o${index}`, -60 - index))
    const { read, seen } = await api([...run, ...older])
    expect((await read()).traces).toHaveLength(1200)
    expect(seen).toHaveLength(3)
  })

  test('knows its own traces by a clock that is an hour behind', async () => {
    const behind = new Date(Date.now() - 3_600_000).toUTCString()
    const { read } = await api([trace('a', -3600 + 1), trace('old', -2 * 3600)], [], behind)
    expect((await read()).traces.map(({ traceId }) => traceId)).toEqual(['a'])
  })

  test('that answers something else is a reason', async () => {
    const server = await startServer((_, response) => response.end('{"error": "x"}'))
    servers.push(server)
    const given = {
      url: new URL(server.url),
      token: undefined,
      tenant: 't',
      fetching: { timeoutMs: 2000, insecure: false },
      since: SINCE,
    }
    await expect(llmtrace.read(given)).rejects.toThrow(/\/api\/v1\/traces gives no list/)
  })

  test('is found below a path too', async () => {
    const seen: string[] = []
    const server = await startServer((request, response) => {
      seen.push(request.url?.split('?')[0] ?? '')
      response.end('{"data": []}')
    })
    servers.push(server)
    await llmtrace.read({
      url: new URL(`${server.url}/proxy/`),
      token: undefined,
      tenant: 't',
      fetching: { timeoutMs: 2000, insecure: false },
      since: SINCE,
    })
    expect(seen).toEqual(['/proxy/api/v1/traces', '/proxy/api/v1/security/findings'])
  })
})

test('prompts are stored with their roles, and were without', () => {
  const messages = [
    { role: 'system', content: 'be kind' },
    { role: 'user', content: [{ type: 'text', text: 'hi' }] },
  ]
  expect(llmtrace.storedPrompts(messages)).toEqual(['system: be kind\nuser: hi', 'be kind\nhi'])
})
