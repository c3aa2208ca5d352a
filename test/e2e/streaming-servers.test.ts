import { connect } from 'node:net'
import { join } from 'node:path'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Arrival } from '../../src/wire/arrival.ts'
import { contentOf, readStream, shapeOf } from '../helpers/read-stream.ts'
import {
  listeningUrl,
  ROOT,
  runCommand,
  type Started,
  startCommand,
} from '../helpers/run-command.ts'
import { scratchFolder } from '../helpers/scratch-folder.ts'

const folder = scratchFolder()

async function started(args: readonly string[]): Promise<Started & { url: string }> {
  const server = startCommand([...args, '--port', '0', '--stop-with-parent'])
  return { ...server, url: await listeningUrl(server) }
}

/** Ends a server as its user would, and gives its exit code. */
async function stop(server: Started): Promise<number | null> {
  server.child.kill('SIGTERM')
  return (await server.finished).code
}

async function arrivals(url: string, server: 'simulator' | 'tap'): Promise<Partial<Arrival>[]> {
  const page = await fetch(`${url}/${server}/log`)
  return ((await page.json()) as { entries: Partial<Arrival>[] }).entries
}

const EIGHT = { max_tokens: 8, ignore_eos: true, stream_options: { include_usage: true } }
const WHOLE = ['role', ...Array<string>(8).fill('content'), 'finish', 'usage', 'done']
const LONG = JSON.stringify({
  model: 'm',
  messages: [{ role: 'user', content: 'hi' }],
  stream: true,
  max_tokens: 100_000,
  ignore_eos: true,
})

/** A client that asks for a stream over a bare socket, so that the test decides when it reads and leaves. */
function askBare(url: string, body: string) {
  const { port } = new URL(url)
  const socket = connect(Number(port), '127.0.0.1', () => {
    const length = Buffer.byteLength(body)
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\n`,
    )
    socket.write(body)
  })
  socket.on('error', () => {})
  return socket
}

describe('model, tap and proxy', () => {
  let model: Started & { url: string }
  let tap: Started & { url: string }
  let proxy: Started & { url: string }
  const logFile = join(folder.path, 'tap.jsonl')
  beforeAll(async () => {
    model = await started(['simulate', '--ttft', '5ms', '--token-time', '10ms'])
    tap = await started(['tap', '--upstream', model.url, '--log', logFile])
    proxy = await started(['proxy', '--upstream', tap.url])
  })
  afterAll(() => Promise.all([stop(proxy), stop(tap), stop(model)]))

  test('pass a stream on as it comes: as many pieces, with the same bytes between them', async () => {
    const streamed = await readStream(proxy.url, EIGHT)
    expect(shapeOf(streamed)).toEqual(WHOLE)
    // The first token is sent with the role, the end at once; each other token is a read of its own.
    expect(streamed.pieces.length).toBeGreaterThanOrEqual(8)
    const [entry] = await arrivals(model.url, 'simulator')
    expect(entry).toMatchObject({
      tokens: 8,
      chunks: 8,
      answerBytes: Buffer.byteLength(streamed.text),
    })
    const [tapped] = await arrivals(tap.url, 'tap')
    expect(tapped).toMatchObject({
      promptHash: entry?.promptHash,
      lastUserHash: entry?.lastUserHash,
      answerBytes: entry?.answerBytes,
    })
  })

  test('let the model know that the client has left', async () => {
    await fetch(`${model.url}/simulator/log`, { method: 'DELETE' })
    await fetch(`${tap.url}/tap/log`, { method: 'DELETE' })
    const socket = askBare(proxy.url, LONG)
    await new Promise((resolve) => {
      socket.once('data', resolve)
    })
    socket.destroy()
    await expect.poll(async () => (await arrivals(model.url, 'simulator'))[0]?.aborted).toBe(true)
    const [entry] = await arrivals(model.url, 'simulator')
    const [tapped] = await arrivals(tap.url, 'tap')
    expect(tapped).toMatchObject({ aborted: true, status: 200 })
    expect(entry?.abortedAt).toBeGreaterThanOrEqual(entry?.firstTokenAt ?? Infinity)
    expect(entry?.tokens).toBeLessThan(100_000)
  })

  test('end in order, and the tap with a line for each request', async () => {
    expect([await stop(proxy), await stop(tap), await stop(model)]).toEqual([0, 0, 0])
    const lines = readFileSync(logFile, 'utf8').trim().split('\n')
    expect(lines.map((line) => (JSON.parse(line) as Arrival).aborted)).toEqual([false, true])
  })
})

describe('a fast model behind a proxy', () => {
  test('is held back by a client that does not read: no more is on its way than buffers hold', async () => {
    const model = await started(['simulate', '--ttft', '0', '--token-time', '0'])
    const proxy = await started(['proxy', '--upstream', model.url])
    // Each event names the model: 100,000 of them come to more than 100 MB.
    const socket = askBare(proxy.url, LONG.replace('"m"', JSON.stringify('m'.repeat(1000))))
    socket.pause()
    const sent = async () => (await arrivals(model.url, 'simulator'))[0]?.answerBytes ?? 0
    let before = -1
    await expect
      .poll(
        async () => {
          const now = await sent()
          const stands = now > 0 && now === before
          before = now
          return stands
        },
        { interval: 300, timeout: 20_000 },
      )
      .toBe(true)
    // What is under way is in the buffers of two connections, some 5 MB each.
    expect(before).toBeLessThan(50_000_000)
    socket.resume()
    await expect.poll(sent, { timeout: 20_000 }).toBeGreaterThan(before)
    socket.destroy()
    for (const server of [proxy, model]) expect(await stop(server)).toBe(0)
  })
})

describe('faults of streams', () => {
  let model: Started & { url: string }
  beforeAll(async () => {
    model = await started(['simulate', '--ttft', '0', '--token-time', '2ms', '--answers', 'output'])
  })
  afterAll(async () => {
    await stop(model)
  })

  async function through(faults: string) {
    const proxy = await started(['proxy', '--upstream', model.url, '--stream-faults', faults])
    const streamed = await readStream(proxy.url, EIGHT)
    const plain = await readStream(proxy.url, { ...EIGHT, stream: false })
    expect(plain.text).toContain('"finish_reason":"length"')
    expect(await stop(proxy)).toBe(0)
    return streamed
  }

  test('of the proxy befall streams, and nothing else', async () => {
    const direct = await readStream(model.url, EIGHT)
    const faulty = await through('drop-role,drop-usage,drop-done,alter,reorder,crlf,no-space')
    expect(shapeOf(faulty)).toEqual(WHOLE.filter((one) => /content|finish/.test(one)))
    expect(contentOf(faulty)).not.toBe(contentOf(direct))
    expect(faulty.text).toMatch(/^data:\{[^\n]+\r\n\r\n/)
  })

  test('of the proxy hold streams back, whole', async () => {
    const direct = await readStream(model.url, EIGHT)
    const buffered = await through('buffer')
    expect(contentOf(buffered)).toBe(contentOf(direct))
    expect(buffered.pieces).toHaveLength(1)
    expect(direct.pieces.length).toBeGreaterThan(5)
  })

  test('of the proxy cut characters that the model was directed to say, and let it go on for nobody', async () => {
    const faults = 'split-utf8,ignore-cancel'
    const proxy = await started(['proxy', '--upstream', model.url, '--stream-faults', faults])
    const rows = JSON.parse(readFileSync(join(ROOT, 'benchmarks/suites/output.json'), 'utf8')) as {
      id: string
      text: string
      metadata: { simulator: { text: string } }
    }[]
    const row = rows.find(({ metadata }) => /[äöüéñ]/.test(metadata.simulator.text))
    const streamed = await readStream(proxy.url, {
      messages: [{ role: 'user', content: row?.text }],
    })
    expect(contentOf(streamed)).toBe(row?.metadata.simulator.text)
    expect(streamed.pieces.some((piece) => piece.toString().includes('\uFFFD'))).toBe(true)
    const entry = (await arrivals(model.url, 'simulator')).at(-1)
    expect(entry?.directed).toBe(row?.id)

    await fetch(`${model.url}/simulator/log`, { method: 'DELETE' })
    const socket = askBare(proxy.url, LONG.replace('100000', '400'))
    await new Promise((resolve) => {
      socket.once('data', resolve)
    })
    socket.destroy()
    await expect
      .poll(async () => (await arrivals(model.url, 'simulator'))[0]?.endedAt, { timeout: 20_000 })
      .toBeDefined()
    const [left] = await arrivals(model.url, 'simulator')
    expect(left).toMatchObject({ aborted: false, tokens: 400 })
    expect(await stop(proxy)).toBe(0)
  })

  test('of the model are there through the command line too', async () => {
    const faults = ['--fault-schedule', 'cut@1,no-done@2,split-utf8@3', '--burst', '2']
    const faulty = await started(['simulate', '--ttft', '0', '--token-time', '0', ...faults])
    expect((await readStream(faulty.url, EIGHT)).whole).toBe(false)
    expect(shapeOf(await readStream(faulty.url, EIGHT))).toEqual([
      'role',
      'content',
      'content',
      'content',
      'content',
      'finish',
      'usage',
    ])
    const cut = await readStream(faulty.url, EIGHT)
    expect(cut.pieces.some((piece) => piece.toString().includes('\uFFFD'))).toBe(true)
    expect((await arrivals(faulty.url, 'simulator')).map(({ fault }) => fault)).toEqual([
      'cut',
      'no-done',
      'split-utf8',
    ])
    expect(await stop(faulty)).toBe(0)
  })
})

describe('wrong usage', () => {
  test.each([
    [['tap'], /--upstream is missing/],
    [
      ['tap', '--upstream', 'http://127.0.0.1:1', '--log', '/no/such/log'],
      /--log \/no\/such\/log: the folder/,
    ],
    [
      ['proxy', '--upstream', 'http://127.0.0.1:1', '--stream-faults', 'boom'],
      /--stream-faults: "boom" is not/,
    ],
    [['simulate', '--stall', '8'], /--stall: "8" is not a stall/],
    [['simulate', '--answers', 'mini'], /--answers mini: none of its 120 rows/],
    [
      ['simulate', '--faults', 'no-dome=1'],
      /--faults: "no-dome" is not a fault; choose from reset/,
    ],
  ])('%j', async (args, message) => {
    const { code, stderr } = await runCommand(args)
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
  })
})
