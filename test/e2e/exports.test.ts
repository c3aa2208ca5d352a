import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { runCli } from '../../src/cli/run-cli.ts'
import { completion, startChatServer } from '../helpers/chat-server.ts'
import { fakeIo } from '../helpers/fake-io.ts'
import { parsePrometheusText } from '../helpers/prometheus-text.ts'
import { runCommand } from '../helpers/run-command.ts'

/** What leaves the machine after a run, received over real sockets. */

const folder = mkdtempSync(join(tmpdir(), 'llmtrace-bench-'))
const servers: { close(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
})
afterAll(() => rmSync(folder, { recursive: true }))

const TOKEN = 'tok-exported-4711'

interface Received {
  readonly method: string
  readonly path: string
  readonly type: string
  readonly body: string
}

/** A receiver that keeps what it is sent, and answers with this status. */
async function receive(status = 200) {
  const received: Received[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (piece: Buffer) => {
      body += piece.toString()
    })
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request
      received.push({ method, path, type: headers['content-type'] ?? '', body })
      response.writeHead(status, { 'content-type': 'application/json' }).end('{}')
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const close = () => {
    server.closeAllConnections()
    return new Promise<void>((resolve) => {
      server.close(() => resolve())
    })
  }
  servers.push({ close })
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, received }
}

/** A chat server that keeps the `traceparent` of each request. */
async function chat() {
  const traceparents: (string | undefined)[] = []
  const server = await startChatServer((request, response) => {
    traceparents.push(request.headers['traceparent'] as string | undefined)
    response.writeHead(200, { 'content-type': 'application/json' }).end(completion())
  })
  servers.push(server)
  return { url: server.url, traceparents }
}

/** In this process: starting another costs more than the run. What needs the built command is started so. */
async function run(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { io, output } = fakeIo(folder)
  const code = await runCli(args, { ...io, env })
  return { code, ...output }
}

const load = (url: string, requests = 20) => [
  ...['--url', url, '--model', 'm', '--no-self-warmup', '--token', TOKEN],
  ...['--requests', String(requests), '--concurrency', '2'],
]

interface Attribute {
  readonly key: string
  readonly value: { stringValue?: string; intValue?: number; doubleValue?: number }
}

interface Span {
  readonly traceId: string
  readonly spanId: string
  readonly name: string
  readonly kind: number
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes: Attribute[]
}

interface Metric {
  readonly name: string
  readonly unit: string
  readonly gauge: { dataPoints: { asDouble: number; attributes: Attribute[] }[] }
}

function spansIn(received: readonly Received[]): Span[] {
  return received
    .filter(({ path }) => path === '/v1/traces')
    .flatMap(({ body }) => {
      const { resourceSpans } = JSON.parse(body) as {
        resourceSpans: { scopeSpans: { spans: Span[] }[] }[]
      }
      return resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))
    })
}

function metricsIn(received: readonly Received[]): Metric[] {
  const sent = received.find(({ path }) => path === '/v1/metrics')
  const { resourceMetrics } = JSON.parse(sent?.body ?? '{"resourceMetrics":[]}') as {
    resourceMetrics: { scopeMetrics: { metrics: Metric[] }[] }[]
  }
  return resourceMetrics.flatMap(({ scopeMetrics }) =>
    scopeMetrics.flatMap(({ metrics }) => metrics),
  )
}

describe('--otlp', () => {
  test.each(['lean', 'undici'])(
    'spans have the ids that the requests carried: %s',
    async (client) => {
      const target = await chat()
      const collector = await receive()
      const before = Date.now()
      const { code, stderr } = await run([
        ...load(target.url),
        ...['--client', client, '--traceparent', '--otlp', collector.url],
      ])
      expect(code).toBe(0)
      expect(stderr).toMatch(/--otlp http:\S+: sent \d+ metrics and 20 spans/)
      const spans = spansIn(collector.received)
      expect(spans).toHaveLength(20)
      // The wave that does not count carries ids too, and is in no trace of ours.
      expect(target.traceparents).toHaveLength(22)
      expect(new Set(target.traceparents).size).toBe(22)
      for (const { traceId, spanId, startTimeUnixNano, endTimeUnixNano, kind } of spans) {
        expect(target.traceparents).toContain(`00-${traceId}-${spanId}-01`)
        const [startedAt, endedAt] = [startTimeUnixNano, endTimeUnixNano].map(
          (at) => Number(at) / 1e6,
        )
        expect(startedAt).toBeGreaterThan(before - 1000)
        expect(endedAt).toBeLessThan(Date.now() + 1000)
        expect(endedAt).toBeGreaterThan(startedAt ?? 0)
        expect(kind).toBe(3)
      }
      expect(spans[0]?.attributes).toContainEqual({
        key: 'gen_ai.request.model',
        value: { stringValue: 'm' },
      })
      const sent = JSON.stringify(collector.received)
      expect(sent).not.toContain(TOKEN)
    },
  )

  test('metrics are the results, and spans no more than asked for', async () => {
    const target = await chat()
    const collector = await receive()
    const output = join(folder, 'metrics.json')
    await run([
      ...load(target.url, 60),
      ...['--otlp', `${collector.url}/`, '--otlp-spans', '10', '--output-json', output],
    ])
    const { runs } = JSON.parse(readFileSync(output, 'utf8')) as {
      runs: { metrics: Record<string, number> }[]
    }
    const latency = metricsIn(collector.received).find(
      ({ name }) => name === 'llmtrace_bench.latency',
    )
    expect(latency?.unit).toBe('s')
    const mean = latency?.gauge.dataPoints.find(({ attributes }) =>
      attributes.some(({ value }) => value.stringValue === 'mean'),
    )
    expect(mean?.asDouble).toBeCloseTo((runs[0]?.metrics['mean'] ?? 0) / 1000, 6)
    const spans = spansIn(collector.received)
    expect(spans.length).toBeGreaterThan(0)
    expect(spans.length).toBeLessThanOrEqual(10)
    expect(target.traceparents.every((one) => one === undefined)).toBe(true)
  })

  test('a saved run is sent later, with the ids of its time', async () => {
    const target = await chat()
    const collector = await receive()
    const file = join(folder, 'later.run')
    await run([...load(target.url), '--traceparent', '--run-file', file])
    const { code } = await run(['report', file, '--otlp', collector.url])
    expect(code).toBe(0)
    const ids = spansIn(collector.received).map((span) => `00-${span.traceId}-${span.spanId}-01`)
    expect(ids).toHaveLength(20)
    expect(target.traceparents).toEqual(expect.arrayContaining(ids))
  })

  test('client workers send the same ids', async () => {
    const target = await chat()
    const collector = await receive()
    const flags = ['--client-workers', '2', '--traceparent', '--otlp', collector.url]
    const { code } = await runCommand([...load(target.url), ...flags])
    expect(code).toBe(0)
    const ids = spansIn(collector.received).map((span) => `00-${span.traceId}-${span.spanId}-01`)
    expect(ids).toHaveLength(20)
    expect(target.traceparents).toEqual(expect.arrayContaining(ids))
  })
})

describe('a receiver that fails', () => {
  test.each(['--otlp', '--push-prometheus'])(
    '%s: a warning, and the results are kept',
    async (flag) => {
      const target = await chat()
      const refusing = await receive(400)
      const output = join(folder, 'kept.json')
      for (const url of [refusing.url, 'http://127.0.0.1:9']) {
        const args = [...load(target.url), '--output-json', output, flag, url]
        const { code, stdout, stderr } = await run(args)
        expect(code).toBe(0)
        expect(stdout).toContain('## Results')
        expect(stderr).toMatch(
          /^Warning: --\S+ http:\S+: not exported \(.+\); the results are kept/m,
        )
        expect(stderr).not.toContain(TOKEN)
        expect(JSON.parse(readFileSync(output, 'utf8'))).toHaveProperty('runs')
        rmSync(output)
      }
    },
  )
})

describe('--push-prometheus', () => {
  test('PUTs text that parses, to the job of the URL or to the usual one', async () => {
    const target = await chat()
    const gateway = await receive(202)
    await run([...load(target.url), '--push-prometheus', gateway.url])
    await run([...load(target.url), '--push-prometheus', `${gateway.url}/metrics/job/ci/branch/x`])
    expect(gateway.received.map(({ method, path }) => [method, path])).toEqual([
      ['PUT', '/metrics/job/llmtrace-bench'],
      ['PUT', '/metrics/job/ci/branch/x'],
    ])
    const [first] = gateway.received
    expect(first?.type).toContain('text/plain; version=0.0.4')
    const samples = parsePrometheusText(first?.body ?? '')
    const ok = samples.find(({ labels }) => labels['outcome'] === 'ok')
    expect(ok).toMatchObject({ name: 'llmtrace_bench_requests', value: 20 })
  })
})

describe('GITHUB_STEP_SUMMARY', () => {
  test('a run appends its page, without the token', async () => {
    const target = await chat()
    const summary = join(folder, 'summary.md')
    writeFileSync(summary, 'a step before\n')
    const { code } = await run([...load(target.url), '--max-error-rate', '50%'], {
      GITHUB_STEP_SUMMARY: summary,
    })
    expect(code).toBe(0)
    const text = readFileSync(summary, 'utf8')
    expect(text).toMatch(/^a step before\n# Load test of m\n/)
    expect(text).toContain('**Budgets: 1 kept.**')
    expect(text).not.toContain(TOKEN)
  })

  test('a probe does too', async () => {
    const target = await chat()
    const summary = join(folder, 'probe.md')
    const args = ['--url', target.url, '--model', 'm', '--mode', 'probe', '--token', TOKEN]
    await run(args, { GITHUB_STEP_SUMMARY: summary })
    expect(readFileSync(summary, 'utf8')).toMatch(/^# Probe\n\n## Probe Summary\n/)
  })

  test('one that is full, or cannot be written, does not end the run', async () => {
    const target = await chat()
    const summary = join(folder, 'full.md')
    writeFileSync(summary, 'x'.repeat(1024 * 1024 - 10))
    const full = await run(load(target.url), { GITHUB_STEP_SUMMARY: summary })
    expect(full.code).toBe(0)
    expect(readFileSync(summary, 'utf8')).toHaveLength(1024 * 1024 - 10)
    const none = await run(load(target.url), {
      GITHUB_STEP_SUMMARY: join(folder, 'none', 'summary.md'),
    })
    expect(none.code).toBe(0)
    expect(none.stderr).toContain('could not be written (ENOENT)')
  })
})

test.each([
  [['--mode', 'probe', '--traceparent'], /--traceparent is for load runs, not for --mode probe/],
  [['--traceparent', '--header', 'traceparent: x'], /exclude each other/],
  [['--otlp', 'collector:4318'], /--otlp: "collector:4318" is not an http or https URL/],
])('%j is wrong usage', async (flags, problem) => {
  const { code, stderr } = await run([...load('http://127.0.0.1:9'), ...flags])
  expect(code).toBe(2)
  expect(stderr).toMatch(problem)
})
