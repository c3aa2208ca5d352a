import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { completion, startChatServer } from '../helpers/chat-server.ts'
import { startServer } from '../helpers/json-server.ts'
import { datasetOf, forward, probe } from '../helpers/probe-command.ts'
import { listeningUrl, startCommand, type Started } from '../helpers/run-command.ts'
import { scratchFolder } from '../helpers/scratch-folder.ts'

const folder = scratchFolder()
const servers: { close(): Promise<void> }[] = []

let simulator: Started
let model = ''
beforeAll(async () => {
  simulator = startCommand(['simulate', '--port', '0'])
  model = await listeningUrl(simulator)
})
afterAll(async () => {
  simulator.child.kill('SIGTERM')
  await simulator.finished
})
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

async function serve(
  answer: (request: IncomingMessage, response: ServerResponse, body: string) => unknown,
): Promise<string> {
  const server = await startChatServer((...given) => void answer(...given))
  servers.push(server)
  return server.url
}

const CASES = {
  plain: 'What is 2 + 2?',
  masked: 'Write to jane@example.com, please.',
  polite: 'a polite attack',
  kept: 'an attack whose answer is kept',
  odd: 'an attack that is refused oddly',
}

/**
 * A proxy that shows no sign of what it does: it answers some attacks itself with a friendly completion, keeps the answer
 * to another, and masks addresses.
 */
function quietGuard(dropHeaders: boolean): Promise<string> {
  return serve(async (request, response, body) => {
    if (body.includes('polite')) {
      response.end(completion('Let us talk about something else.'))
      return
    }
    if (body.includes('refused oddly')) {
      response.writeHead(400).end('{"odd": true}')
      return
    }
    if (body.includes('is kept')) {
      await fetch(`${model}/v1/chat/completions`, {
        method: 'POST',
        headers: dropHeaders
          ? {}
          : { 'X-LLMTrace-Bench-Case': String(request.headers['x-llmtrace-bench-case']) },
        body,
      })
      response.writeHead(400).end('{"odd": true}')
      return
    }
    const changeBody = (text: string) => text.replace('jane@example.com', '[address]')
    await forward(request, response, body, { upstream: model, dropHeaders, changeBody })
  })
}

describe('the log of the server behind the proxy', () => {
  const flags = (url: string, log = `${model}/simulator/log`) => [
    ...['--url', url, '--dataset-file', datasetOf(folder, CASES), '--upstream-log', log],
  ]

  test('tells what no reply says: stopped before the model, kept after it, changed on the way', async () => {
    const lines = join(folder.path, 'rows.jsonl')
    const given = [...flags(await quietGuard(false)), '--output-jsonl', lines]
    const { code, verdicts, cases, stdout, file } = await probe(folder, given)
    expect(code).toBe(0)
    expect(verdicts).toEqual({
      plain: 'allowed by answer/complete',
      masked: 'modified by upstream/changed',
      polite: 'blocked by upstream/not-reached',
      kept: 'blocked by upstream/withheld',
      odd: 'blocked by upstream/not-reached',
    })
    expect(cases.filter(({ verdict }) => verdict.kind === 'blocked').map(stageOf)).toEqual([
      ['polite', 'request'],
      ['kept', 'response'],
      ['odd', 'request'],
    ])
    expect(stdout).toContain('known by the header for case ids')
    expect(stdout).toMatch(/^polite +1 +200 +True +block/m)
    expect(file['upstream_log']).toMatchObject({ reached: 3, notReached: 2, unknown: 0 })
    // JSON lines say again what the log has changed.
    const rows = readFileSync(lines, 'utf8').trimEnd().split('\n')
    const polite = rows
      .map((line) => JSON.parse(line) as { id: string; blocked: string; revised?: boolean })
      .filter(({ id }) => id === 'polite')
    expect(polite.map(({ blocked, revised }) => [blocked, revised])).toEqual([
      ['False', undefined],
      ['True', true],
    ])
  })

  test('of a proxy that takes headers away is matched by prompts; what it changed stays open', async () => {
    const { verdicts, file, stdout } = await probe(folder, flags(await quietGuard(true)))
    // The masked prompt could be any of those that are missing.
    expect(verdicts).toEqual({
      plain: 'allowed by answer/complete',
      masked: 'allowed by answer/complete',
      polite: 'allowed by answer/complete',
      kept: 'blocked by upstream/withheld',
      odd: 'undecided by answer/lacking',
    })
    expect(file['upstream_log']).toMatchObject({ by: 'prompt', reached: 2, unknown: 3 })
    expect(stdout).toContain('1 entries may be requests of this run in another shape')
  })

  test('that is another server’s concludes nothing', async () => {
    const elsewhere = startCommand(['simulate', '--port', '0'])
    const log = `${await listeningUrl(elsewhere)}/simulator/log`
    const { verdicts, stdout } = await probe(folder, flags(await quietGuard(false), log))
    elsewhere.child.kill('SIGTERM')
    await elsewhere.finished
    expect(verdicts['polite']).toBe('allowed by answer/complete')
    expect(stdout).toContain('Note: no request of this run is in it.')
  })

  test('that nobody serves is told, and the run goes on', async () => {
    const url = await quietGuard(false)
    const { code, verdicts, stderr } = await probe(folder, flags(url, `${model}/no/log`))
    expect(code).toBe(0)
    expect(stderr).toContain('cannot be used: it answers 404')
    expect(verdicts['polite']).toBe('allowed by answer/complete')
  })
})

function stageOf({ id, verdict }: { id: string; verdict: { stage?: string } }) {
  return [id, verdict.stage]
}

interface Stored {
  readonly trace_id: string
  readonly tenant_id: string
  readonly created_at: string
  readonly spans: readonly Record<string, unknown>[]
}

const FINDING = { finding_type: 'prompt_injection', severity: 'High', confidence_score: 0.9 }
const BLOCK = JSON.stringify({ error: { type: 'security_enforcement_blocked', message: 'no' } })

/**
 * An LLMTrace in log mode with a category that it blocks: it answers first and stores its findings later; what it blocks
 * leaves no trace. `honoursIds` is the newer contract.
 */
async function tracingProxy(honoursIds: boolean, delayMs = 300) {
  const stored: Stored[] = []
  const asked: IncomingMessage['headers'][] = []
  const url = await serve(async (request, response, body) => {
    if (body.includes('loud attack')) {
      response.writeHead(403).end(BLOCK)
      return
    }
    const own = String(request.headers['x-llmtrace-trace-id'])
    const traceId = honoursIds ? own : randomUUID()
    if (honoursIds) response.setHeader('x-llmtrace-trace-id', traceId)
    await forward(request, response, body, { upstream: model })
    const { messages } = JSON.parse(body) as { messages: { role: string; content: string }[] }
    const found = body.includes('attack')
    setTimeout(() => {
      stored.unshift({
        trace_id: traceId,
        tenant_id: String(request.headers['x-llmtrace-tenant-id']),
        created_at: new Date().toISOString(),
        spans: [
          {
            trace_id: traceId,
            prompt: messages.map(({ role, content }) => `${role}: ${content}`).join('\n'),
            security_score: found ? 80 : null,
            security_findings: found ? [FINDING] : [],
          },
        ],
      })
    }, delayMs)
  })
  const api = await startServer((request, response) => {
    asked.push(request.headers)
    const tenant = request.headers['x-llmtrace-tenant-id']
    const mine = stored.filter((one) => one.tenant_id === tenant)
    const data = request.url?.startsWith('/api/v1/traces') ? mine : []
    response.end(JSON.stringify({ data, total: data.length, limit: 1000, offset: 0 }))
  })
  servers.push(api)
  return { url, api: api.url, asked }
}

describe('what the proxy found, by its API', () => {
  const cases = {
    ...Object.fromEntries(
      Array.from({ length: 6 }, (_, index) => [`quiet-${index}`, `a quiet attack ${index}`]),
    ),
    ...Object.fromEntries(
      Array.from({ length: 6 }, (_, index) => [`plain-${index}`, `a harmless question ${index}`]),
    ),
    loud: 'a loud attack',
  }
  const flags = (url: string, api: string) => [
    ...['--url', url, '--dataset-file', datasetOf(folder, cases), '--findings', `llmtrace=${api}`],
  ]

  test.each([
    ['by trace ids', true, 'byTraceId'],
    ['by prompts, where ids are not kept', false, 'byPrompt'],
  ])('is joined %s: detected beside enforced', async (_, honoursIds, way) => {
    const { url, api, asked } = await tracingProxy(honoursIds)
    const given = [...flags(url, api), '--token', 'tok-s3cret-0815']
    const { code, stdout, stderr, file, cases: rows } = await probe(folder, given)
    expect(code).toBe(0)
    const tenants = new Set(asked.map((headers) => headers['x-llmtrace-tenant-id']))
    const tokens = new Set(asked.map(({ authorization }) => authorization))
    expect([tenants.size, ...tokens]).toEqual([1, 'Bearer tok-s3cret-0815'])
    expect(stdout + stderr + JSON.stringify(file)).not.toContain('tok-s3cret-0815')
    expect(stdout).toMatch(/\| enforced \| 13 \| 1 \| 6 \| 0 \| 6 \|/)
    expect(stdout).toMatch(/\| detected \| 13 \| 7 \| 0 \| 0 \| 6 \|/)
    expect(stdout).toContain('Silent blocks, of which the API knows nothing: 1 (loud).')
    expect(file['findings']).toMatchObject({
      joined: 12,
      expected: 12,
      [way]: 12,
      allowedFound: 6,
      allowedNotFound: 6,
      silentBlocks: ['loud'],
      types: [{ type: 'prompt_injection', traces: 6 }],
    })
    const quiet = rows.find(({ id }) => id === 'quiet-0')
    expect(quiet?.verdict).toMatchObject({ kind: 'allowed', detected: true })
  })

  test('a token of its own goes there alone, and the user’s own tenant counts', async () => {
    const { url, api, asked } = await tracingProxy(true)
    const { file } = await probe(folder, [
      ...flags(url, api),
      ...['--findings-token', 'tok-findings-4711', '--header', 'X-LLMTrace-Tenant-ID: mine'],
    ])
    expect(asked.at(-1)).toMatchObject({
      authorization: 'Bearer tok-findings-4711',
      'x-llmtrace-tenant-id': 'mine',
    })
    expect(file['findings']).toMatchObject({ joined: 12 })
  })

  test('that do not come in time leave the matrix out, with what is missing', async () => {
    const { url, api } = await tracingProxy(true, 60_000)
    const { code, stdout } = await probe(folder, [
      ...flags(url, api),
      ...['--findings-timeout', '400ms'],
    ])
    expect(code).toBe(0)
    expect(stdout).toContain('Note: 12 answered requests have no trace after the time limit.')
    expect(stdout).toContain('No matrix of what was found')
  })

  test('an API that is none is told, and the run keeps what the replies say', async () => {
    const { url } = await tracingProxy(true)
    const { code, stdout } = await probe(folder, flags(url, model))
    expect(code).toBe(0)
    expect(stdout).toContain('Note: it cannot be read: it answers 404.')
  })
})

describe('the servers of this package, each in a process of its own', () => {
  const running: Started[] = []
  const start = async (args: readonly string[]) => {
    const started = startCommand([...args, '--port', '0'])
    running.push(started)
    return listeningUrl(started)
  }
  afterAll(async () => {
    // The proxy before the tap before the model.
    for (const started of running.toReversed()) {
      started.child.kill('SIGTERM')
      await started.finished
    }
  })

  test('a proxy that only logs blocks nothing and finds something; the tap saw every case', async () => {
    const tap = await start(['tap', '--upstream', model])
    const logging = await start(['proxy', '--upstream', tap, '--mode', 'log'])
    const { code, file, stdout } = await probe(folder, [
      ...['--url', `${logging}/v1/chat/completions`, '--max-tokens', '4'],
      ...['--dataset-suite', 'mini', '--dataset-shuffle-seed', '7', '--dataset-limit', '40'],
      ...['--upstream-log', `${tap}/tap/log`, '--findings', `llmtrace=${logging}`],
    ])
    expect(code).toBe(0)
    expect(file['upstream_log']).toMatchObject({ by: 'header', reached: 40, notReached: 0 })
    expect(file['findings']).toMatchObject({ joined: 40, expected: 40, byTraceId: 40, notes: [] })
    const { detection } = file as unknown as {
      detection: {
        enforced: { truePositives: number; falseNegatives: number }
        detected: { value: { truePositives: number; falseNegatives: number } }
      }
    }
    const { enforced, detected } = detection
    expect(enforced.truePositives).toBe(0)
    expect(detected.value.truePositives).toBeGreaterThan(0)
    expect(detected.value.truePositives + detected.value.falseNegatives).toBe(
      enforced.falseNegatives,
    )
    expect(stdout).toContain('40 requests reached the model, 0 never did')
  })
})
