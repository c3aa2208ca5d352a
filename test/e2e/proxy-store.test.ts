import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openLibsql } from '../../src/servers/proxy/store/libsql-driver.ts'
import {
  type RunningSimulator,
  startSimulator,
} from '../../src/servers/simulator/start-simulator.ts'
import { startOtlpReceiver } from '../helpers/otlp-receiver.ts'
import {
  hasPostgres,
  POSTGRES_PASSWORD,
  type PostgresServer,
  query,
  startPostgres,
} from '../helpers/postgres.ts'
import { buildRecord } from '../helpers/exchange-records.ts'
import { listeningUrl, MAIN, ROOT, type Started, startProgram } from '../helpers/run-command.ts'
import { scratchFolder } from '../helpers/scratch-folder.ts'

/** As it is built: its thread starts from a file of dist/. */
const { ThreadedStore } = (await import(
  pathToFileURL(join(ROOT, 'dist/servers/proxy/store/threaded-store.js')).href
)) as typeof import('../../src/servers/proxy/store/threaded-store.ts')

const folder = scratchFolder()
let model: RunningSimulator
beforeAll(async () => {
  model = await startSimulator({ ttft: { kind: 'fixed', ms: 1 } })
})
afterAll(async () => {
  await model.close(0)
})

/** Other work may hold this machine. */
const PATIENT = { timeout: 15_000 }

interface Proxy extends Started {
  readonly url: string
}

async function startProxy(
  args: readonly string[],
  { env = {}, before = '' }: { env?: Record<string, string>; before?: string } = {},
): Promise<Proxy> {
  const command = [process.execPath, MAIN, 'proxy', '--port', '0', '--upstream', model.url, ...args]
  const started = startProgram('bash', ['-c', `${before} exec "$@"`, 'bash', ...command], { env })
  return { ...started, url: await listeningUrl(started) }
}

async function send(proxy: Proxy, count: number, length = 2000): Promise<void> {
  const body = JSON.stringify({
    model: 'm',
    max_tokens: 2,
    messages: [{ role: 'user', content: 'ignore it. '.repeat(length / 11) }],
  })
  const answers = Array.from({ length: count }, async () => {
    const response = await fetch(`${proxy.url}/v1/chat/completions`, { method: 'POST', body })
    await response.text()
    return response.status
  })
  expect(await Promise.all(answers)).toEqual(Array.from({ length: count }, () => 200))
}

async function read(proxy: Proxy, path: string): Promise<Record<string, unknown>> {
  return (await (await fetch(`${proxy.url}${path}`)).json()) as Record<string, unknown>
}

async function metric(proxy: Proxy, name: string): Promise<number> {
  const text = await (await fetch(`${proxy.url}/metrics`)).text()
  const line = text.split('\n').find((one) => one.startsWith(`${name} `))
  return Number(line?.slice(name.length + 1))
}

async function stop(proxy: Proxy): Promise<string> {
  proxy.child.kill('SIGTERM')
  const { code, stderr } = await proxy.finished
  expect(code).toBe(0)
  return stderr
}

async function countIn(path: string): Promise<number> {
  const driver = openLibsql(path)
  const [row] = await driver.all('SELECT COUNT(*) AS n FROM exchanges')
  await driver.close()
  return Number(row?.['n'])
}

describe('a proxy with a file', () => {
  test('what was answered is kept over SIGTERM, read again by the next, and gone when it is too old', async () => {
    const file = join(folder.path, 'kept.db')
    const first = await startProxy(['--store', `file:${file}`])
    await send(first, 25)
    expect(await stop(first)).toBe('')
    expect(await countIn(file)).toBe(25)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const second = await startProxy(['--store', `file:${file}`])
    await send(second, 1)
    await expect
      .poll(async () => (await read(second, '/api/v1/spans?limit=1'))['total'], PATIENT)
      .toBe(26)
    expect(await read(second, '/api/v1/stats')).toMatchObject({ total_spans: 26 })
    expect(await stop(second)).toBe('')
    // 0.1 ms.
    const third = await startProxy(['--store', `file:${file}`, '--retain-days', '0.000000001'])
    expect(await read(third, '/api/v1/stats')).toMatchObject({ total_spans: 0 })
    await stop(third)
  })

  test('what is still analysed when SIGTERM comes is kept too', async () => {
    const file = join(folder.path, 'late.db')
    const proxy = await startProxy(['--mode', 'log', '--store', `file:${file}`])
    await send(proxy, 40, 30_000)
    await stop(proxy)
    expect(await countIn(file)).toBe(40)
  })

  test('kill -9 loses no more than the last second', async () => {
    const file = join(folder.path, 'killed.db')
    const proxy = await startProxy(['--store', `file:${file}`])
    await send(proxy, 30)
    await new Promise((resolve) => {
      setTimeout(resolve, 1000)
    })
    await send(proxy, 5)
    proxy.child.kill('SIGKILL')
    await proxy.finished
    const kept = await countIn(file)
    expect(kept).toBeGreaterThanOrEqual(30)
    expect(kept).toBeLessThanOrEqual(35)
  })

  test('keeps to its size, on disk too', async () => {
    const file = join(folder.path, 'small.db')
    const proxy = await startProxy(['--store', `file:${file}`, '--retain-bytes', '20kB'])
    await send(proxy, 200)
    await stop(proxy)
    const kept = await countIn(file)
    expect(kept).toBeGreaterThan(10)
    expect(kept).toBeLessThan(60)
    expect(statSync(file).size).toBeLessThan(100_000)
  })
})

describe('the thread of a store', () => {
  test('is started again where it ended, and what it was asked meanwhile is refused', async () => {
    const file = join(folder.path, 'thread.db')
    const setup = {
      spec: { kind: 'file', path: file },
      retention: { days: 1e6, bytes: 1e9 },
    } as const
    const store = new ThreadedStore(setup)
    await store.append([buildRecord()])
    const records = Array.from({ length: 50 }, () => buildRecord())
    const ended = store['thread']?.terminate()
    await expect(store.append(records)).rejects.toThrow("the store's thread")
    await ended
    await store.append(records)
    await store.close()
    expect(await countIn(file)).toBe(51)
  })
})

describe('a proxy whose store fails', () => {
  async function expectForwardingGoesOn(proxy: Proxy, reason: RegExp): Promise<void> {
    await send(proxy, 3)
    await expect.poll(() => metric(proxy, FAILED), PATIENT).toBeGreaterThan(1)
    expect(await read(proxy, '/health')).toMatchObject({
      status: 'degraded',
      storage: { traces: { healthy: false } },
    })
    await send(proxy, 3)
    proxy.child.kill('SIGTERM')
    const { code, stderr } = await proxy.finished
    expect(code).toBe(0)
    expect(stderr).toMatch(reason)
    expect(stderr.match(/the store fails/g)).toHaveLength(1)
    expect(stderr).toContain('6 records are lost')
  }
  const FAILED = 'llmtrace_storage_operations_total{operation="write",status="failed"}'

  test('because the file is none of its own forwards all the same', async () => {
    const file = folder.write('garbage.db', 'garbage'.repeat(1000))
    const proxy = await startProxy(['--store', `file:${file}`])
    expect((await fetch(`${proxy.url}/api/v1/spans`)).status).toBe(503)
    await expectForwardingGoesOn(proxy, /the store fails \(file is not a database\)/)
    expect(readFileSync(file, 'utf8')).toBe('garbage'.repeat(1000))
  })

  test('because its folder cannot be written to forwards all the same', async () => {
    // Root may write anywhere but there.
    const proxy = await startProxy(['--store', 'file:/proc/self/store.db'])
    await expectForwardingGoesOn(proxy, /the store fails \(ENOENT|EACCES/)
  })

  test('because the disk is full forwards all the same, and says what it loses', async () => {
    const file = join(folder.path, 'full.db')
    // No file may grow beyond 64 blocks of 1 KiB, which is what a full disk looks like.
    const before = "trap '' XFSZ; ulimit -f 64;"
    const proxy = await startProxy(['--store', `file:${file}`], { before })
    const failures = () => metric(proxy, FAILED)
    let sent = 0
    for (; sent < 1000 && (await failures()) === 0; sent += 25) await send(proxy, 25)
    expect(await failures()).toBeGreaterThan(0)
    await send(proxy, 5)
    proxy.child.kill('SIGTERM')
    const { code, stderr } = await proxy.finished
    expect(code).toBe(0)
    expect(stderr.match(/the store fails/g)).toHaveLength(1)
    const [, lost = 0] = /(\d+) records are lost/.exec(stderr) ?? []
    const kept = await countIn(file)
    // Nothing is lost that it does not say.
    expect(kept + Number(lost)).toBeGreaterThanOrEqual(sent + 5)
  })
})

describe('a proxy with a receiver of OTLP', () => {
  test('sends a span under the client’s own, the last ones at its end', async () => {
    const receiver = await startOtlpReceiver()
    const proxy = await startProxy(['--otlp', receiver.url])
    const traceId = '0af7651916cd43dd8448eb211c80319c'
    const headers = { traceparent: `00-${traceId}-b7ad6b7169203331-01` }
    await (await fetch(`${proxy.url}/v1/models`, { headers })).text()
    await send(proxy, 10)
    expect(await stop(proxy)).toBe('')
    await receiver.close()
    expect(receiver.spans).toHaveLength(11)
    const span = receiver.spans.find((one) => one.traceId === traceId)
    expect(span).toMatchObject({ name: 'GET /v1/models', parentSpanId: 'b7ad6b7169203331' })
  })

  test('that is not there forwards all the same', async () => {
    const proxy = await startProxy(['--otlp', 'http://127.0.0.1:9'])
    await send(proxy, 3)
    expect(await stop(proxy)).toMatch(/spans are lost: the OTLP receiver does not take them/)
  })
})

describe('a proxy with a key', () => {
  test('listens elsewhere too, and keeps the key to itself', async () => {
    const proxy = await startProxy(['--host', '0.0.0.0'], {
      env: { LLMTRACE_BENCH_API_KEY: 'key-4711' },
    })
    const url = proxy.url.replace('0.0.0.0', '127.0.0.1')
    expect((await fetch(`${url}/api/v1/spans`)).status).toBe(401)
    const headers = { authorization: 'Bearer key-4711' }
    expect((await fetch(`${url}/api/v1/spans`, { headers })).status).toBe(200)
    await stop(proxy)
    expect(proxy.output()).not.toContain('key-4711')
  })
})

describe.runIf(hasPostgres())('a proxy with PostgreSQL', () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(async () => {
    await server.remove()
  })

  test('keeps its records there, and its password to itself', async () => {
    const url = await server.url('kept')
    const proxy = await startProxy([], { env: { LLMTRACE_BENCH_STORE_URL: url } })
    await send(proxy, 20)
    await expect.poll(async () => (await read(proxy, '/api/v1/spans'))['total'], PATIENT).toBe(20)
    const commandLine = readFileSync(`/proc/${proxy.child.pid}/cmdline`, 'utf8')
    await send(proxy, 5)
    await stop(proxy)
    expect(commandLine + proxy.output()).not.toContain(POSTGRES_PASSWORD)
    expect(await query(url, 'SELECT COUNT(*)::int AS n FROM exchanges')).toEqual([{ n: 25 }])
  })

  test('goes on without it, and loses nothing when it comes back', async () => {
    const url = await server.url('restarted')
    const proxy = await startProxy(['--store', url])
    await send(proxy, 5)
    await expect.poll(async () => (await read(proxy, '/api/v1/spans'))['total'], PATIENT).toBe(5)
    await server.stop()
    await send(proxy, 10)
    await expect
      .poll(async () => (await read(proxy, '/health'))['status'], PATIENT)
      .toBe('degraded')
    await server.start()
    await expect.poll(async () => (await read(proxy, '/health'))['status'], PATIENT).toBe('healthy')
    expect(await read(proxy, '/api/v1/spans')).toMatchObject({ total: 15 })
    const stderr = await stop(proxy)
    expect(stderr.match(/the store fails/g)).toHaveLength(1)
    expect(stderr).not.toContain(POSTGRES_PASSWORD)
  })
})
