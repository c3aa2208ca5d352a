import { UsageError } from '../../model/usage-error.ts'
import type { ProxyOptions } from '../../options/server-options.ts'
import { isLoopback } from '../../servers/proxy/api/access.ts'
import { parseStreamFaults } from '../../servers/proxy/stream-faults.ts'
import { startProxy } from '../../servers/proxy/start-proxy.ts'
import { parseStoreSpec } from '../../servers/proxy/store/store-spec.ts'
import { Guard } from '../../servers/proxy/guard.ts'
import { readRules } from '../../servers/proxy/rules/read-rules.ts'
import { RuleError } from '../../servers/proxy/rules/rule-file.ts'
import { canBeCanary } from '../../servers/proxy/text/canaries.ts'
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
  const requestTimeoutMs = options.requestTimeoutSeconds * 1000
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
  const guard = await createGuard(options)
  const stopListening = io.onHangup(() => void reloadRules(guard, options.rules, io))
  const timeouts = { upstreamTimeoutMs, requestTimeoutMs }
  const given = { host, port, upstream, ...timeouts, ...injection, ...observation }
  return serve(() => startProxy(given, { guard }), options, io).finally(stopListening)
}

/** Undefined where nothing is to be looked at. */
async function createGuard(options: ProxyOptions): Promise<Guard | undefined> {
  const { mode, minSeverity, minConfidence, canary } = options
  if (!canary.every((text) => canBeCanary(text))) {
    throw new UsageError('--canary: a text has fewer than 8 letters and digits; give a longer one')
  }
  // Our own rules are read where they are used; others' also with mode off, so that a mistake does not wait for another.
  if (mode === 'off' && options.rules.length === 0) return undefined
  const rules = await readRules(options.rules).catch((error: unknown) => {
    if (error instanceof RuleError) throw new UsageError(`--rules: ${error.message}`)
    throw error
  })
  if (mode === 'off') return undefined
  const overrides = new Map(options.policy.map(({ type, action }) => [type, action]))
  const policy = { mode, minSeverity, minConfidence, overrides }
  const { onError, analysisBudgetMs, analysisTimeoutMs, maxBodyBytes, blockStatus } = options
  const limits = {
    budgetMs: analysisBudgetMs,
    timeoutMs: analysisTimeoutMs,
    mostBodyBytes: maxBodyBytes,
  }
  return new Guard(
    { policy, onError, ...limits, blockStatus, canaries: canary, storeRaw: options.storeRaw },
    rules,
  )
}

/** Bad rules change nothing: the old ones stay, and why is said. */
async function reloadRules(
  guard: Guard | undefined,
  paths: readonly string[],
  io: Io,
): Promise<void> {
  try {
    const rules = await readRules(paths)
    guard?.useRules(rules)
    io.stderr(`rules read again: ${rules.rules.length}\n`)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    io.stderr(`rules not changed: ${reason}\n`)
  }
}
