import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Agent } from 'undici'
import { errorBody } from '../../wire/chat-response.ts'
import { forward, type ForwardContext } from './forward.ts'
import { InjectedDelay } from './injected-delay.ts'
import { PROXY_DEFAULTS, type ProxyOptions } from './proxy-options.ts'
import { upstreamPath } from './upstream-target.ts'

export interface ProxyStats {
  requests: number
  upstreamConnections: number
  upstreamFailures: number
  clientDisconnects: number
}

export interface RunningProxy {
  readonly url: string
  readonly port: number
  readonly stats: Readonly<ProxyStats>
  /** Stops accepting, lets what is in flight finish for `graceMs`, then ends it. */
  close(graceMs?: number): Promise<void>
}

type GivenOptions = Partial<ProxyOptions> & Pick<ProxyOptions, 'upstream'>

/** What looks at exchanges and what keeps them. */
export type ProxyParts = Pick<ForwardContext, 'guard' | 'sink'>

/** Starts a proxy that forwards everything under /v1/ to the upstream. Rejects when it cannot listen. */
export async function startProxy(
  given: GivenOptions,
  parts: ProxyParts = {},
): Promise<RunningProxy> {
  const options: ProxyOptions = { ...PROXY_DEFAULTS, ...given }
  const stats: ProxyStats = {
    requests: 0,
    upstreamConnections: 0,
    upstreamFailures: 0,
    clientDisconnects: 0,
  }
  const dispatcher = new Agent({ connections: 1024, pipelining: 1, keepAliveTimeout: 60_000 })
  dispatcher.on('connect', () => {
    stats.upstreamConnections += 1
  })
  const context: ForwardContext = {
    dispatcher,
    upstream: new URL(options.upstream),
    options,
    ...parts,
    delay: new InjectedDelay(options),
    onUpstreamFailure: () => {
      stats.upstreamFailures += 1
    },
    onClientDisconnect: () => {
      stats.clientDisconnects += 1
    },
  }
  const limits = {
    requestTimeout: options.requestTimeoutMs,
    headersTimeout: Math.min(options.headTimeoutMs, options.requestTimeoutMs),
    // Often enough that a slow sender is ended soon after its time.
    connectionsCheckingInterval: Math.min(1000, options.headTimeoutMs),
  }
  const server = createServer(limits, (request, response) => {
    stats.requests += 1
    route(request, response, context)
  })
  server.keepAliveTimeout = 600_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port: options.port, host: options.host, backlog: 4096 }, resolve)
  })
  const { port } = server.address() as AddressInfo
  const host = options.host.includes(':') ? `[${options.host}]` : options.host
  return {
    url: `http://${host}:${port}`,
    port,
    stats,
    async close(graceMs = 5000) {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      // A kept connection is closed once its answer is out; node looks for idle ones only when told to.
      const sweep = setInterval(() => server.closeIdleConnections(), 20)
      const timer = setTimeout(() => server.closeAllConnections(), graceMs)
      await closed
      clearInterval(sweep)
      clearTimeout(timer)
      await dispatcher.destroy()
    },
  }
}

function route(request: IncomingMessage, response: ServerResponse, context: ForwardContext): void {
  const target = request.url ?? '/'
  const path = upstreamPath(target, context.upstream.pathname)
  if (path !== undefined) {
    forward(request, response, path, context)
    return
  }
  request.resume()
  const health = request.method === 'GET' && target === '/health'
  const body = health
    ? { status: 'ok', upstream: context.upstream.origin }
    : errorBody('only /v1/ is forwarded', 'invalid_request_error', '404')
  response
    .writeHead(health ? 200 : 404, { 'content-type': 'application/json' })
    .end(JSON.stringify(body))
}
