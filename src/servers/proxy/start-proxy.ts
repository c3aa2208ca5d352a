import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { Agent } from 'undici'
import { listen } from '../http/listen.ts'
import { isLoopback } from './api/access.ts'
import type { RecordSink } from './exchange-record.ts'
import { faultyResponse } from './faulty-response.ts'
import { forward, type ForwardContext } from './forward.ts'
import type { Guard } from './guard.ts'
import { InjectedDelay } from './injected-delay.ts'
import { type Observability, startObservability } from './observability.ts'
import { PROXY_DEFAULTS, type ProxyOptions } from './proxy-options.ts'
import { UnrecordedExchanges } from './unrecorded-exchanges.ts'
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

/** How long the end waits for analyses that go on after their answers. */
const RECORD_GRACE_MS = 5000

type GivenOptions = Partial<ProxyOptions> & Pick<ProxyOptions, 'upstream'>

/** What looks at exchanges, and what gets their records besides the store. */
export interface ProxyParts {
  readonly guard?: Guard | undefined
  readonly sink?: RecordSink | undefined
}

/**
 * Starts a proxy that forwards everything under /v1/ to the upstream. Rejects when it cannot listen, and where others
 * than this machine could read prompts without a key.
 */
export async function startProxy(
  given: GivenOptions,
  parts: ProxyParts = {},
): Promise<RunningProxy> {
  const options: ProxyOptions = { ...PROXY_DEFAULTS, ...given }
  if (options.apiKey === undefined && !isLoopback(options.host)) {
    throw new RangeError(
      `without an API key a proxy listens on the loopback, not on ${options.host}`,
    )
  }
  const stats: ProxyStats = {
    requests: 0,
    upstreamConnections: 0,
    upstreamFailures: 0,
    clientDisconnects: 0,
  }
  let connections = 0
  const observability = await startObservability(options, () => connections)
  const unrecorded = new UnrecordedExchanges()
  const context = forwardContext(options, stats, { observability, unrecorded, ...parts })
  const server = createServer(serverOptions(options), (request, response) => {
    stats.requests += 1
    route(request, response, { context, observability, unrecorded })
  })
  server.on('connection', (socket) => {
    connections += 1
    socket.once('close', () => {
      connections -= 1
    })
  })
  const release = async () => {
    await context.dispatcher.destroy()
    await observability.close()
  }
  const { url, port, close } = await listen(server, options).catch(async (error: unknown) => {
    await release()
    throw error
  })
  return {
    url,
    port,
    stats,
    async close(graceMs = 5000) {
      await close(graceMs)
      await unrecorded.settled(RECORD_GRACE_MS)
      await release()
    },
  }
}

function forwardContext(
  options: ProxyOptions,
  stats: ProxyStats,
  { observability, unrecorded, guard, sink }: ProxyParts & Omit<Handlers, 'context'>,
): ForwardContext {
  const dispatcher = new Agent({ connections: 1024, pipelining: 1, keepAliveTimeout: 60_000 })
  dispatcher.on('connect', () => {
    stats.upstreamConnections += 1
  })
  return {
    dispatcher,
    upstream: new URL(options.upstream),
    options,
    delay: new InjectedDelay(options),
    guard,
    record: (record) => {
      observability.record(record)
      sink?.(record)
      unrecorded.end()
    },
    onUpstreamFailure: () => {
      stats.upstreamFailures += 1
    },
    onClientDisconnect: () => {
      stats.clientDisconnects += 1
    },
  }
}

function serverOptions({ requestTimeoutMs, headTimeoutMs, streamFaults }: ProxyOptions) {
  return {
    requestTimeout: requestTimeoutMs,
    headersTimeout: Math.min(headTimeoutMs, requestTimeoutMs),
    // Often enough that a slow sender is ended soon after its time.
    connectionsCheckingInterval: Math.min(1000, headTimeoutMs),
    ...(streamFaults === undefined ? {} : { ServerResponse: faultyResponse(streamFaults) }),
  }
}

interface Handlers {
  readonly context: ForwardContext
  readonly observability: Observability
  readonly unrecorded: UnrecordedExchanges
}

function route(
  request: IncomingMessage,
  response: ServerResponse,
  { context, observability, unrecorded }: Handlers,
): void {
  const path = upstreamPath(request.url ?? '/', context.upstream.pathname)
  if (path === undefined) {
    observability.serve(request, response)
    return
  }
  unrecorded.begin()
  forward(request, response, path, context)
}
