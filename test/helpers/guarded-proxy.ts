import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import type { ExchangeRecord } from '../../src/servers/proxy/exchange-record.ts'
import { Guard, type GuardOptions } from '../../src/servers/proxy/guard.ts'
import { POLICY_DEFAULTS, type Policy } from '../../src/servers/proxy/policy.ts'
import type { ProxyOptions } from '../../src/servers/proxy/proxy-options.ts'
import { readRules } from '../../src/servers/proxy/rules/read-rules.ts'
import { type RunningProxy, startProxy } from '../../src/servers/proxy/start-proxy.ts'

/** Compiled once: it takes longer than most tests. */
const RULES = readRules([])

export interface Wanted {
  readonly policy?: Partial<Policy>
  readonly guard?: Partial<GuardOptions>
  readonly proxy?: Partial<ProxyOptions>
}

export interface GuardedProxy {
  readonly proxy: RunningProxy
  readonly guard: Guard
  readonly records: ExchangeRecord[]
  /** Heads of the requests that came through, and their bodies. */
  readonly arrived: { readonly request: IncomingMessage; readonly body: string }[]
  close(): Promise<void>
}

/** A proxy with a guard that blocks, before an upstream that answers with `listener`. */
export async function startGuardedProxy(
  listener: RequestListener,
  { policy, guard: given, proxy: options }: Wanted = {},
): Promise<GuardedProxy> {
  const arrived: GuardedProxy['arrived'] = []
  const upstream = createServer(async (request, response) => {
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(piece as Buffer)
    arrived.push({ request, body: Buffer.concat(pieces).toString('utf8') })
    listener(request, response)
  })
  await new Promise<void>((resolve) => {
    upstream.listen(0, '127.0.0.1', resolve)
  })
  const guard = new Guard(
    {
      policy: { ...POLICY_DEFAULTS, mode: 'block', ...policy },
      onError: 'open',
      budgetMs: 10,
      timeoutMs: 10_000,
      mostBodyBytes: 1_000_000,
      blockStatus: 403,
      canaries: [],
      storeRaw: false,
      ...given,
    },
    await RULES,
  )
  const records: ExchangeRecord[] = []
  const url = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`
  const sink = (record: ExchangeRecord) => {
    records.push(record)
  }
  const proxy = await startProxy({ upstream: url, ...options }, { guard, sink })
  return {
    proxy,
    guard,
    records,
    arrived,
    async close() {
      await proxy.close(0)
      upstream.closeAllConnections()
      await new Promise((resolve) => {
        upstream.close(resolve)
      })
    },
  }
}

/** Asks for a chat completion. */
export function chat(
  { proxy }: GuardedProxy,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return fetch(`${proxy.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
}

export function saying(content: unknown, more: object = {}) {
  return { model: 'm', messages: [{ role: 'user', content }], ...more }
}

/** Sends raw bytes and gives what comes back until the other side closes, or `giveUpMs` have passed. */
export function sendRaw(port: number, bytes: string, giveUpMs = 2000): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes, 'latin1'))
    const timer = setTimeout(() => socket.destroy(), giveUpMs)
    socket.on('data', (piece) => {
      text += piece.toString('latin1')
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      clearTimeout(timer)
      resolve(text)
    })
  })
}
