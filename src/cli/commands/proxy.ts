import type { ProxyOptions } from '../../options/server-options.ts'
import { startProxy } from '../../servers/proxy/start-proxy.ts'
import { parseLatencySpec } from '../../stats/latency-spec.ts'
import { readFlag } from '../flag-value.ts'
import type { Io } from '../io.ts'
import { serve } from '../serve.ts'

/** `llmtrace-bench proxy` */
export async function proxy(options: ProxyOptions, io: Io): Promise<number> {
  const { host, port, seed, injectWhere, injectHow } = options
  const upstream = options.upstream ?? ''
  const injectDelay = readFlag('--inject-delay', options.injectDelay, parseLatencySpec)
  const upstreamTimeoutMs = options.upstreamTimeoutSeconds * 1000
  const announce = !options.noAnnounce
  const injection = { injectDelay, injectWhere, injectHow, announce, seed }
  return serve(
    () => startProxy({ host, port, upstream, upstreamTimeoutMs, ...injection }),
    options,
    io,
  )
}
