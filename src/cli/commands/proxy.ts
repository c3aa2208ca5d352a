import { UsageError } from '../../model/usage-error.ts'
import type { ProxyOptions } from '../../options/server-options.ts'
import { isLoopback } from '../../servers/proxy/api/access.ts'
import { parseStreamFaults } from '../../servers/proxy/stream-faults.ts'
import { startProxy } from '../../servers/proxy/start-proxy.ts'
import { parseStoreSpec } from '../../servers/proxy/store/store-spec.ts'
import { parseLatencySpec } from '../../stats/latency-spec.ts'
import { readFlag } from '../flag-value.ts'
import type { Io } from '../io.ts'
import { serve } from '../serve.ts'

/** `llmtrace-bench proxy` */
export async function proxy(options: ProxyOptions, io: Io): Promise<number> {
  const { host, port, seed, injectWhere, injectHow, apiKey } = options
  const upstream = options.upstream ?? ''
  const injectDelay = readFlag('--inject-delay', options.injectDelay, parseLatencySpec)
  const upstreamTimeoutMs = options.upstreamTimeoutSeconds * 1000
  const announce = !options.noAnnounce
  const streamFaults = readFlag('--stream-faults', options.streamFaults, parseStreamFaults)
  const injection = { injectDelay, injectWhere, injectHow, streamFaults, announce, seed }
  if (apiKey === undefined && !isLoopback(host)) {
    throw new UsageError(
      `--host ${host} lets others read the recorded prompts; give a key by --api-key or LLMTRACE_BENCH_API_KEY, or listen on 127.0.0.1`,
    )
  }
  const observation = {
    store: readFlag('--store', options.store, parseStoreSpec),
    retention: { days: options.retainDays, bytes: options.retainBytes },
    apiKey,
    otlpUrl: options.otlp,
    warn: (line: string) => io.stderr(`llmtrace-bench proxy: ${line}\n`),
  }
  return serve(
    () => startProxy({ host, port, upstream, upstreamTimeoutMs, ...injection, ...observation }),
    options,
    io,
  )
}
