import { connect } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import type { FaultKind } from '../../../src/servers/simulator/fault-plan.ts'
import { parseStall } from '../../../src/servers/simulator/parse-stall.ts'
import type { SimulatorOptions } from '../../../src/servers/simulator/simulator-options.ts'
import {
  type RunningSimulator,
  startSimulator,
} from '../../../src/servers/simulator/start-simulator.ts'
import { sampleLatencyMs } from '../../../src/stats/latency-spec.ts'
import { mean } from '../../../src/stats/quantile.ts'
import { createRandom } from '../../../src/stats/random.ts'
import type { Arrival } from '../../../src/wire/arrival.ts'
import { numberAt, valueAt } from '../../../src/wire/json.ts'
import {
  chunksOf,
  contentOf,
  readStream,
  shapeOf,
  type StreamRead,
} from '../../helpers/read-stream.ts'

const running: RunningSimulator[] = []
afterEach(async () => {
  for (const simulator of running.splice(0)) await simulator.close(0)
})

async function start(options: Partial<SimulatorOptions> = {}): Promise<string> {
  const simulator = await startSimulator(options)
  running.push(simulator)
  return simulator.url
}

async function firstArrival(url: string): Promise<Partial<Arrival>> {
  const page = await fetch(`${url}/simulator/log`)
  const { entries } = (await page.json()) as { entries: Partial<Arrival>[] }
  return entries[0] ?? {}
}

/** Of eight tokens, whatever the model would say. */
const EIGHT = { max_tokens: 8, ignore_eos: true }
const WHOLE = ['role', ...Array<string>(8).fill('content'), 'finish', 'done']

describe('a stream', () => {
  test('says what the same answer says that is not streamed', async () => {
    const url = await start({ reasoning: 3 })
    const streamed = await readStream(url, EIGHT)
    const whole = await readStream(url, { ...EIGHT, stream: false })
    const answer: unknown = JSON.parse(whole.text)
    const message = (field: string) => valueAt(answer, 'choices', 0, 'message', field)
    expect(contentOf(streamed)).toBe(message('content'))
    expect(contentOf(streamed, 'reasoning_content')).toBe(message('reasoning_content'))
    expect(valueAt(answer, 'usage')).toMatchObject({
      completion_tokens: 8,
      completion_tokens_details: { reasoning_tokens: 3 },
    })
    expect(shapeOf(streamed).filter((one) => one === 'reasoning')).toHaveLength(3)
  })

  test('of reasoning alone is what max_tokens leaves of a model that thinks longer', async () => {
    const url = await start({ reasoning: 9 })
    const streamed = await readStream(url, { max_tokens: 4 })
    expect(shapeOf(streamed)).toEqual(['role', ...Array(4).fill('reasoning'), 'finish', 'done'])
    expect(streamed.text).toContain('"finish_reason":"length"')
  })

  test('has its usage only where it is asked for', async () => {
    const url = await start()
    const usages = async (stream_options?: object) =>
      chunksOf(await readStream(url, { ...EIGHT, stream_options })).map((chunk) =>
        valueAt(chunk, 'usage'),
      )
    expect(await usages()).toEqual(Array(10).fill(undefined))
    const atEnd = await usages({ include_usage: true })
    expect(atEnd.slice(0, -1)).toEqual(Array(10).fill(null))
    expect(atEnd.at(-1)).toMatchObject({ completion_tokens: 8 })
    const always = await usages({ include_usage: true, continuous_usage_stats: true })
    expect(always.map((usage) => numberAt(usage, 'completion_tokens'))).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 8, 8, 8,
    ])
  })

  test('comes in bursts: in one event, or in one write', async () => {
    const asEvents = await readStream(await start({ burst: 3 }), EIGHT)
    expect(shapeOf(asEvents)).toEqual(['role', 'content', 'content', 'content', 'finish', 'done'])
    const asWrites = await readStream(await start({ burst: 3, burstAs: 'write' }), EIGHT)
    expect(shapeOf(asWrites)).toEqual(WHOLE)
    expect(
      asWrites.pieces.map((piece) => piece.toString().split('"content":" ').length - 1),
    ).toEqual([0, 2, 3, 2, 0, 0])
    expect(contentOf(asEvents)).toBe(contentOf(asWrites))
  })

  test('pauses where it is told to stall', async () => {
    const url = await start({ stall: parseStall('3,60ms') })
    const { times, pieces } = await readStream(url, EIGHT)
    expect(pieces).toHaveLength(WHOLE.length)
    // Piece 0 is the role, 1 to 3 the first three tokens.
    expect(times[4]).toBeGreaterThanOrEqual(60)
  })

  test('draws the token time for each token when told to', async () => {
    const tokenTime = { kind: 'gamma', meanMs: 4, shape: 0.5 } as const
    // As the simulator draws for its first request: what all tokens of it would take, then seven tokens' own times.
    const random = createRandom('3/latency/1')
    const forAll = sampleLatencyMs(tokenTime, random)
    const sum = mean(Array.from({ length: 7 }, () => sampleLatencyMs(tokenTime, random))) ?? 0
    expect(sum).toBeGreaterThan(2 * forAll)
    const url = await start({ tokenTime, tokenDraw: 'token', seed: 3 })
    await readStream(url, EIGHT)
    const { at = 0, lastTokenAt = 0 } = await firstArrival(url)
    expect(lastTokenAt - at).toBeGreaterThanOrEqual(7 * sum)
  })

  test.each(['8', '0,5ms', 'x,5ms', '8,soon', '8,5ms,1'])('%j is no stall', (text) => {
    expect(() => parseStall(text)).toThrow(JSON.stringify(text))
  })
})

describe('the log', () => {
  test('has the server’s own stamps of a stream, by case', async () => {
    const url = await start({
      ttft: { kind: 'fixed', ms: 20 },
      tokenTime: { kind: 'fixed', ms: 2 },
    })
    const { times, text } = await readStream(url, EIGHT)
    const entry = await firstArrival(url)
    const { at = 0, firstTokenAt = 0, lastTokenAt = 0, endedAt = 0 } = entry
    expect(entry).toMatchObject({ tokens: 8, chunks: 8, answerBytes: Buffer.byteLength(text) })
    expect(firstTokenAt - at).toBeGreaterThanOrEqual(20)
    expect(lastTokenAt - at).toBeGreaterThanOrEqual(20 + 7 * 2)
    expect(endedAt).toBeGreaterThanOrEqual(lastTokenAt)
    // What the client saw came after it was sent, and the request left before it arrived.
    expect(times[1]).toBeGreaterThanOrEqual(firstTokenAt - at)
    expect(entry).not.toHaveProperty('abortedAt')
  })

  test('of an answer that is not streamed has no stamps of tokens', async () => {
    const url = await start()
    await readStream(url, { ...EIGHT, stream: false })
    const entry = await firstArrival(url)
    expect(entry).toMatchObject({ tokens: 8, status: 200 })
    expect(entry).not.toHaveProperty('firstTokenAt')
  })

  test('tells when a client left, and how many tokens it had by then', async () => {
    const url = await start({ tokenTime: { kind: 'fixed', ms: 20 } })
    const stop = new AbortController()
    const body = JSON.stringify({
      model: 'm',
      messages: [{ role: 'user' }],
      stream: true,
      ...EIGHT,
    })
    const init = { method: 'POST', body, signal: stop.signal }
    const response = await fetch(`${url}/v1/chat/completions`, init)
    await response.body?.getReader().read()
    stop.abort()
    await expect.poll(async () => (await firstArrival(url)).aborted).toBe(true)
    const { abortedAt = 0, firstTokenAt = Infinity, tokens } = await firstArrival(url)
    expect(abortedAt).toBeGreaterThanOrEqual(firstTokenAt)
    expect(tokens).toBeLessThan(8)
  })
})

describe('a client that does not read', () => {
  test('holds the stream back', async () => {
    const url = await start()
    const body = JSON.stringify({
      model: 'm',
      messages: [{ role: 'user' }],
      stream: true,
      max_tokens: 100_000,
      ignore_eos: true,
    })
    const { port } = new URL(url)
    const socket = connect(Number(port), '127.0.0.1', () => {
      const head = `POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n`
      socket.write(head + body)
    })
    socket.pause()
    let sent = -1
    await expect
      .poll(
        async () => {
          const { tokens = 0 } = await firstArrival(url)
          const same = tokens > 0 && tokens === sent
          sent = tokens
          return same
        },
        { interval: 150, timeout: 10_000 },
      )
      .toBe(true)
    expect(sent).toBeLessThan(90_000)
    socket.destroy()
  })
})

describe('faults of a stream', () => {
  /** What a client gets whose request has the fault; the second request must be whole again. */
  async function withFault(kind: FaultKind, options: Partial<SimulatorOptions> = {}) {
    const url = await start({
      faultSchedule: [{ kind, by: 'request', from: 1, to: 1 }],
      slowBodyMs: 90,
      ...options,
    })
    const asked = { ...EIGHT, stream_options: { include_usage: true } }
    const faulty = await readStream(url, asked)
    const entry = await firstArrival(url)
    expect(entry.fault).toBe(kind)
    const sound = await readStream(url, asked)
    expect(shapeOf(sound)).toEqual(WHOLE.toSpliced(-1, 0, 'usage'))
    return { faulty, sound, entry }
  }
  const shape = (...names: string[]) => names
  const contents = (count: number) => Array<string>(count).fill('content')

  test.each<[FaultKind, readonly string[], boolean]>([
    ['no-role', shape(...contents(8), 'finish', 'usage', 'done'), true],
    ['double-role', shape('role', 'role', ...contents(8), 'finish', 'usage', 'done'), true],
    ['no-usage', shape('role', ...contents(8), 'finish', 'done'), true],
    ['no-done', shape('role', ...contents(8), 'finish', 'usage'), true],
    ['after-done', shape('role', ...contents(8), 'finish', 'usage', 'done', 'content'), true],
    ['error-midstream', shape('role', ...contents(4), 'error'), true],
    ['cut', shape('role', ...contents(4)), false],
  ])('%s', async (kind, expected, whole) => {
    const { faulty, entry } = await withFault(kind)
    expect(shapeOf(faulty)).toEqual(expected)
    expect(faulty.whole).toBe(whole)
    expect(entry.aborted).toBe(!whole)
  })

  test.each(['reorder', 'alter'] as const)('%s changes what is said', async (kind) => {
    const { faulty, sound } = await withFault(kind)
    expect(shapeOf(faulty)).toEqual(shapeOf(sound))
    expect(contentOf(faulty)).not.toBe(contentOf(sound))
    expect(contentOf(faulty)).toHaveLength(contentOf(sound).length)
  })

  test.each<[FaultKind, RegExp]>([
    ['comments', /^: keep-alive\n\ndata: /],
    ['crlf', /^(?:data: [^\r\n]+\r\n\r\n)+$/],
    ['no-space', /^(?:data:[^ \n]+\n\n|data:\{[^\n]+\n\n)+$/],
  ])('%s changes how it is written, and nothing that is said', async (kind, written) => {
    const { faulty, sound } = await withFault(kind)
    expect(faulty.text).toMatch(written)
    expect(shapeOf(faulty)).toEqual(shapeOf(sound))
    expect(contentOf(faulty)).toBe(contentOf(sound))
  })

  test('split-utf8 cuts characters over two pieces that cannot be decoded alone', async () => {
    const { faulty } = await withFault('split-utf8')
    expect(contentOf(faulty)).toMatch(/é.*—.*✓.*🙂/)
    const decodable = faulty.pieces.filter((piece) => {
      try {
        return new TextDecoder('utf-8', { fatal: true }).decode(piece) !== ''
      } catch {
        return false
      }
    })
    expect(faulty.pieces.length - decodable.length).toBe(16)
  })

  test('coalesce holds all content back and sends it at once', async () => {
    const tokenTime = { kind: 'fixed', ms: 5 } as const
    const { faulty, sound } = await withFault('coalesce', { tokenTime })
    expect(contentOf(faulty)).toBe(contentOf(sound))
    const [, , ...others] = faulty.pieces
    expect(others.join('')).not.toContain('"content"')
    expect(faulty.times[1]).toBeGreaterThanOrEqual(35)
  })

  test('stall and slow take the time of a slow body', async () => {
    const stalled = (await withFault('stall')).faulty
    expect(stalled.pieces[5]?.toString()).toContain('"content"')
    expect(stalled.times[5]).toBeGreaterThanOrEqual(90)
    // Eight pauses of 10 ms, one before each token.
    expect((await withFault('slow')).faulty.times.at(-1)).toBeGreaterThanOrEqual(80)
  })

  test('half ends within an event, badjson breaks one', async () => {
    const half = (await withFault('half')).faulty
    expect(half.whole).toBe(false)
    expect(half.text).not.toMatch(/\n\n$/)
    const broken = (await withFault('badjson')).faulty
    expect(shapeOf(broken).filter((one) => one === 'broken')).toHaveLength(1)
    expect(broken.whole).toBe(true)
  })

  test('those before the first byte are as they are without a stream', async () => {
    const { faulty } = await withFault('429')
    expect(faulty.status).toBe(429)
    expect(faulty.text).toContain('rate_limit_error')
  })

  test('befall only streams, and the same ones again for the same seed', async () => {
    const told = async (stream: boolean) => {
      const url = await start({ faultRates: { alter: 0.3, reorder: 0.3, 'no-done': 0.3 }, seed: 4 })
      const answers: StreamRead[] = []
      for (let index = 0; index < 10; index += 1) {
        answers.push(await readStream(url, { ...EIGHT, stream }))
      }
      const page = await fetch(`${url}/simulator/log`)
      const { entries } = (await page.json()) as { entries: Arrival[] }
      const texts = answers.map(({ text }) => text.replaceAll(/"created":\d+/g, ''))
      return { texts, faults: entries.map(({ fault }) => fault) }
    }
    const first = await told(true)
    expect(await told(true)).toEqual(first)
    expect(new Set(first.faults).size).toBeGreaterThan(2)
    expect((await told(false)).faults).toEqual(Array(10).fill(undefined))
  })
})
