import { connect } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { type Drift, driftMs, parseDrift } from '../../../src/servers/simulator/drift.ts'
import {
  type FaultKind,
  decideFault,
  parseFaultRates,
  parseFaultSchedule,
} from '../../../src/servers/simulator/fault-plan.ts'
import { BatchQueue } from '../../../src/servers/simulator/batch-queue.ts'
import type { SimulatorOptions } from '../../../src/servers/simulator/simulator-options.ts'
import {
  type RunningSimulator,
  startSimulator,
} from '../../../src/servers/simulator/start-simulator.ts'
import { parseServerTiming } from '../../../src/wire/headers.ts'

const running: RunningSimulator[] = []
afterEach(async () => {
  for (const simulator of running.splice(0)) await simulator.close(0)
})

async function start(options: Partial<SimulatorOptions> = {}): Promise<string> {
  const simulator = await startSimulator(options)
  running.push(simulator)
  return simulator.url
}

function ask(
  url: string,
  given: Record<string, unknown> = {},
  init: RequestInit = {},
): Promise<Response> {
  const body = { model: 'm', messages: [{ role: 'user', content: 'hi' }], max_tokens: 8, ...given }
  return fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    body: JSON.stringify(body),
    ...init,
  })
}

interface Log {
  readonly total: number
  readonly entries: readonly Record<string, unknown>[]
}

async function readLog(url: string, query = ''): Promise<Log> {
  return (await (await fetch(`${url}/simulator/log${query}`)).json()) as Log
}

interface Answer {
  readonly choices: readonly {
    readonly message: { readonly content: string }
    readonly finish_reason: string
  }[]
  readonly usage: {
    readonly prompt_tokens: number
    readonly completion_tokens: number
    readonly total_tokens: number
  }
}

describe('answers', () => {
  test('are OpenAI-shaped, with usage that adds up and max_tokens kept', async () => {
    const answer = (await (await ask(await start())).json()) as Answer
    expect(answer).toMatchObject({ object: 'chat.completion', model: 'm' })
    const { usage } = answer
    expect(usage.total_tokens).toBe(usage.prompt_tokens + usage.completion_tokens)
    expect(answer.choices[0]?.message.content.split(' ')).toHaveLength(usage.completion_tokens)
    expect(usage.completion_tokens).toBeLessThanOrEqual(8)
  })

  test('are the same for the same seed and messages, and others for others', async () => {
    const [first, second] = [await start({ seed: 5 }), await start({ seed: 6 })]
    const content = async (url: string, text: string) => {
      const given = { messages: [{ role: 'user', content: text }], max_tokens: 64 }
      return ((await (await ask(url, given)).json()) as Answer).choices[0]?.message.content
    }
    expect(await content(first, 'a')).toBe(await content(first, 'a'))
    expect(await content(first, 'a')).not.toBe(await content(first, 'b'))
    expect(await content(first, 'a')).not.toBe(await content(second, 'a'))
  })

  test('stream as events that end with the usage, where it is asked for, and [DONE]', async () => {
    const plain = (await (await ask(await start(), { max_tokens: 5 })).json()) as Answer
    const asked = { max_tokens: 5, stream: true, stream_options: { include_usage: true } }
    const text = await (await ask(await start(), asked)).text()
    const events = text
      .trim()
      .split('\n\n')
      .map((line) => line.replace('data: ', ''))
    expect(events.at(-1)).toBe('[DONE]')
    const chunks = events
      .slice(0, -1)
      .map(
        (event) =>
          JSON.parse(event) as { choices: { delta: { content?: string } }[]; usage?: unknown },
      )
    const content = chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')
    expect(content).toBe(plain.choices[0]?.message.content)
    expect(chunks.at(-1)?.usage).toEqual(plain.usage)
  })
})

describe('routes', () => {
  test('models and health', async () => {
    const url = await start({ modelName: 'sim' })
    expect(await (await fetch(`${url}/v1/models`)).json()).toMatchObject({
      object: 'list',
      data: [{ id: 'sim' }],
    })
    expect((await fetch(`${url}/health`)).status).toBe(200)
  })

  test.each([
    ['an unknown path', ['GET', '/nope', undefined], 404],
    ['a wrong method', ['GET', '/v1/chat/completions', undefined], 405],
    ['broken JSON', ['POST', '/v1/chat/completions', '{'], 400],
    [
      'a body without model',
      ['POST', '/v1/chat/completions', '{"messages":[{"role":"user"}]}'],
      400,
    ],
    ['a huge body', ['POST', '/v1/chat/completions', 'x'.repeat(11 * 1024 * 1024)], 413],
  ] as const)('%s is an OpenAI error', async (_, [method, path, body], status) => {
    const response = await fetch(`${await start()}${path}`, { method, body: body ?? null })
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({
      error: { type: 'invalid_request_error', code: String(status) },
    })
  })
})

describe('a target that is not a URL', () => {
  test('is refused, and the server goes on', async () => {
    const url = await start()
    const { port } = new URL(url)
    const answer = await new Promise<string>((resolve) => {
      let text = ''
      const socket = connect(Number(port), '127.0.0.1', () =>
        socket.write('GET // HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'),
      )
      socket.on('data', (piece) => {
        text += piece.toString()
      })
      socket.on('close', () => resolve(text))
    })
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    expect((await fetch(`${url}/health`)).status).toBe(200)
  })
})

describe('latency', () => {
  test('is never shorter than asked, and server-timing says so', async () => {
    const url = await start({
      ttft: { kind: 'fixed', ms: 15 },
      tokenTime: { kind: 'fixed', ms: 1 },
    })
    const response = await ask(url, { max_tokens: 1 })
    const {
      total = 0,
      queue = 0,
      service = 0,
    } = parseServerTiming(response.headers.get('server-timing') ?? '')
    expect(total).toBeGreaterThanOrEqual(15)
    expect(total).toBeCloseTo(queue + service, 2)
  })

  test('grows with what is in the batch, and beyond it requests wait', async () => {
    const url = await start({ ttft: { kind: 'fixed', ms: 30 }, maxBatch: 2, slowdown: 1 })
    const timings = await Promise.all(
      [1, 2, 3].map(async () =>
        parseServerTiming((await ask(url)).headers.get('server-timing') ?? ''),
      ),
    )
    const queued = timings.map(({ queue = 0 }) => queue).toSorted((a, b) => a - b)
    // The first leaves after 30 ms; the third waits for that from its own arrival on, which is a little later.
    expect(queued[2]).toBeGreaterThan(10)
    expect(queued[0]).toBeLessThan(queued[2] ?? 0)
    expect(Math.max(...timings.map(({ service = 0 }) => service))).toBeGreaterThanOrEqual(60)
  })

  test('a full queue answers 503', async () => {
    const url = await start({ ttft: { kind: 'fixed', ms: 200 }, maxBatch: 1, maxQueue: 0 })
    const first = ask(url)
    await expect.poll(async () => (await readLog(url)).total).toBe(1)
    expect((await ask(url)).status).toBe(503)
    await (await first).text()
  })

  test('a trace is replayed', async () => {
    const url = await start({ ttft: { kind: 'trace', timesMs: [1, 40] } })
    const serviceOf = async () =>
      parseServerTiming((await ask(url)).headers.get('server-timing') ?? '')['service'] ?? 0
    expect(await serviceOf()).toBeGreaterThanOrEqual(1)
    expect(await serviceOf()).toBeGreaterThanOrEqual(40)
  })
})

describe('faults', () => {
  /** What a client is told by the first request, which gets the fault; the second must be whole again. */
  async function tellFault(kind: FaultKind) {
    const url = await start({
      faultSchedule: [{ kind, by: 'request', from: 1, to: 1 }],
      slowBodyMs: 50,
    })
    const signal = AbortSignal.timeout(1000)
    const told = await ask(url, {}, { signal })
      .then(async (response) => ({
        status: response.status,
        retryAfter: response.headers.get('retry-after'),
        text: await response.text(),
      }))
      .catch((error: Error) => ({ failure: `${error.name} ${error.message}` }))
    expect((await ask(url)).status).toBe(200)
    expect((await readLog(url)).entries[0]).toMatchObject({ fault: kind })
    return told
  }

  test.each([
    ['reset', { failure: expect.stringContaining('fetch failed') }],
    ['half', { failure: expect.stringContaining('terminated') }],
    ['hang', { failure: expect.stringContaining('TimeoutError') }],
    ['429', { status: 429, retryAfter: '1' }],
    ['500', { status: 500, retryAfter: null }],
    ['slow', { status: 200, text: expect.stringMatching(/"object":"chat\.completion".*\}$/) }],
    // Whole but for its last two braces: complete HTTP around broken JSON.
    ['badjson', { status: 200, text: expect.stringMatching(/"total_tokens":\d+$/) }],
  ] as const)('%s', async (kind, told) => {
    expect(await tellFault(kind)).toMatchObject(told)
  })

  test('rates come true, and the same way for the same seed', () => {
    const plan = { seed: 3, rates: parseFaultRates('reset=0.1,429=0.2'), schedule: [] }
    const faults = Array.from({ length: 10_000 }, (_, index) => decideFault(plan, index, 0))
    const share = (kind: string) => faults.filter((fault) => fault === kind).length / 10_000
    expect(share('reset')).toBeCloseTo(0.1, 1)
    expect(share('429')).toBeCloseTo(0.2, 1)
    expect(Array.from({ length: 100 }, (_, index) => decideFault(plan, index, 0))).toEqual(
      faults.slice(0, 100),
    )
  })

  test('schedules go by request or by time', () => {
    const schedule = parseFaultSchedule('429@100-120,reset@5,500@10s-12s')
    const at = (sequence: number, ms: number) =>
      decideFault({ seed: 1, rates: {}, schedule }, sequence, ms)
    expect([
      at(99, 0),
      at(100, 0),
      at(120, 0),
      at(121, 0),
      at(5, 0),
      at(1, 11_000),
      at(1, 12_001),
    ]).toEqual([undefined, '429', '429', undefined, 'reset', '500', undefined])
  })

  test.each(['boom=0.1', 'reset', 'reset=2', 'reset=x', 'reset=0.6,429=0.6'])(
    'the rates %j are refused',
    (text) => {
      expect(() => parseFaultRates(text)).toThrow(RangeError)
    },
  )

  test.each(['429', '429@', '429@9-5', '429@5s', 'boom@1', '429@1-2s'])(
    'the schedule %j is refused',
    (text) => {
      expect(() => parseFaultSchedule(text)).toThrow(RangeError)
    },
  )
})

describe('drift', () => {
  test('sine goes from 0 to twice its amplitude, step stays', () => {
    const sine = parseDrift('sine:20s,10ms')
    expect([0, 5000, 15_000].map((ms) => driftMs(sine, ms))).toEqual([
      10,
      expect.closeTo(20, 6),
      expect.closeTo(0, 6),
    ])
    const step: Drift = parseDrift('step:30s,15ms')
    expect([29_999, 30_000].map((ms) => driftMs(step, ms))).toEqual([0, 15])
    expect(driftMs(parseDrift('none'), 5)).toBe(0)
  })

  test.each(['', 'sine', 'sine:20s', 'step:1,2,3', 'ramp:1s,2ms'])(
    '%j is refused by name',
    (text) => {
      expect(() => parseDrift(text)).toThrow(JSON.stringify(text))
    },
  )
})

describe('the log', () => {
  test('tells what arrived, in order, by case, and never the token', async () => {
    const url = await start()
    const headers = {
      'X-LLMTrace-Bench-Case': 'inj-1',
      'X-LLMTrace-Agent-ID': 'me',
      authorization: 'Bearer s3cret',
    }
    await (await ask(url, {}, { headers })).text()
    await (await ask(url)).text()
    const log = await readLog(url)
    expect(log.entries).toMatchObject([
      {
        sequence: 1,
        caseId: 'inj-1',
        agentId: 'me',
        lastUserText: 'hi',
        status: 200,
        aborted: false,
      },
      { sequence: 2, status: 200 },
    ])
    expect(JSON.stringify(log)).not.toContain('s3cret')
    expect((await readLog(url, '?since=1')).entries).toHaveLength(1)
    await fetch(`${url}/simulator/log`, { method: 'DELETE' })
    expect((await readLog(url)).total).toBe(0)
  })

  test('a client that leaves is recorded, and its place is free again', async () => {
    const url = await start({ ttft: { kind: 'fixed', ms: 60_000 }, maxBatch: 1 })
    const stop = new AbortController()
    const leaving = ask(url, {}, { signal: stop.signal })
    await expect.poll(async () => (await readLog(url)).total).toBe(1)
    stop.abort()
    await expect(leaving).rejects.toThrow('aborted')
    await expect.poll(async () => (await readLog(url)).entries[0]?.['aborted']).toBe(true)
    const stats = (await (await fetch(`${url}/simulator/stats`)).json()) as { inFlight: number }
    expect(stats.inFlight).toBe(0)
  })
})

describe('BatchQueue', () => {
  test('serves in order, never more than the batch, and refuses beyond the queue', () => {
    const queue = new BatchQueue({ maxBatch: 2, maxQueue: 1 })
    const started: string[] = []
    const enter = (name: string) => queue.enter((inBatch) => started.push(`${name}${inBatch}`))
    const leaveA = enter('a')
    enter('b')
    const leaveC = enter('c')
    expect(enter('d')).toBeUndefined()
    leaveC?.()
    enter('e')
    leaveA?.()
    expect(started).toEqual(['a1', 'b2', 'e2'])
  })
})
