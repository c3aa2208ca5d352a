import { okLatencies } from '../analysis/block-view.ts'
import { summarize } from '../analysis/summarize.ts'
import { findWarnings } from '../analysis/warnings.ts'
import { monotonicClock } from '../engine/monotonic-clock.ts'
import { runPlan } from '../engine/run-plan.ts'
import { warmUpSelf } from '../engine/self-warm-up.ts'
import type { Measurement } from '../model/measurement.ts'
import type { Overhead, Summary } from '../model/summary.ts'
import type { RunOptions } from '../options/run-options.ts'
import { failureLines, warningLines } from '../report/doubts.ts'
import { preamble } from '../report/preamble.ts'
import { writeJsonFile } from '../results/output-target.ts'
import { createRedactor, redactUrl } from '../results/redact.ts'
import { buildResult } from '../results/result-file.ts'
import { createRandom } from '../stats/random.ts'
import { prepareChatRequests } from '../transport/chat-requests.ts'
import { createTransport, resolveClient } from '../transport/create-transport.ts'
import type { PreparedRequest, Transport } from '../transport/transport.ts'
import type { Io } from './io.ts'
import { createLevelPrinter } from './level-printer.ts'
import { planOf, specOf } from './plan-run.ts'
import { createProgress } from './progress.ts'
import { readVersion } from './run-cli.ts'
import { choosePrompts } from './select-prompts.ts'

/** How long the client warms itself up. */
const SELF_WARM_UP_MS = 2000

export interface LoadResult {
  readonly summaries: readonly Summary[]
  readonly overheads: readonly Overhead[]
}

/** Runs load mode: prints preamble, tables and doubts, and writes the result file. */
export async function runLoad(
  options: RunOptions,
  io: Io,
  signal: AbortSignal,
): Promise<LoadResult> {
  const startedAt = new Date().toISOString()
  const { prompts, description, dataset } = await choosePrompts(options, io.workingDirectory)
  const plan = planOf(options, prompts.length)
  const spec = specOf(options)
  const requests = prepareChatRequests(prompts, spec, { ...options, headers: options.header })
  const redact = createRedactor(secretsOf(options))
  const hasToken = options.token !== undefined
  const { model } = spec
  const { agentId } = options
  const endpoints = plan.endpoints.map(({ name, url }) => ({ name, url: redactUrl(url) }))
  const { concurrencies, requests: count } = plan
  io.stdout(
    preamble({
      endpoints,
      model,
      agentId,
      hasToken,
      prompts: description,
      concurrencies,
      requests: count,
    }),
  )
  if (!options.noSelfWarmup) await selfWarmUp(options, requests[0], signal)

  const printer = createLevelPrinter(endpoints.length, io.stdout)
  const progress = createProgress(io, options.progressEvery)
  const summaries: Summary[] = []
  const measurements = await runPlan(plan, {
    createTransport: ({ endpoint, concurrency }) =>
      openTransport(options, new URL(endpoint.url), concurrency),
    requests,
    createRandom: (index) => createRandom(`${plan.seed}/jitter/${index}`),
    redact,
    onBlockStart: (block) => progress.start(block),
    onProgress: (block, done, { outcome }) => progress.step(block, done, outcome === 'ok'),
    onBlockEnd: (measurement) => {
      progress.end()
      const summary = { ...summarize(measurement), url: redactUrl(measurement.url) }
      summaries.push(summary)
      printer.add(summary)
    },
    signal,
  })
  printer.finish()
  const warnings = findWarnings(summaries, {
    keepAlive: !options.noKeepalive,
    selfWarmup: !options.noSelfWarmup,
  })
  io.stdout(failureLines(summaries, measurements))
  io.stdout(warningLines(warnings))
  if (options.outputJson !== undefined) {
    const result = buildResult({
      plan,
      spec,
      headers: { has_token: hasToken, agent_id: agentId ?? null },
      dataset,
      tool: { name: 'llmtrace-bench', version: await readVersion() },
      run: runFacts(options, startedAt),
      partial: signal.aborted,
      measurements,
      summaries,
      latencies: measurements.map((measurement: Measurement) => okLatencies(measurement)),
      overheads: printer.overheads,
      warnings,
    })
    await writeJsonFile(options.outputJson, result)
    io.stdout(`Result file: ${options.outputJson}${signal.aborted ? ' (partial)' : ''}\n`)
  }
  return { summaries, overheads: printer.overheads }
}

async function selfWarmUp(
  options: RunOptions,
  request: PreparedRequest | undefined,
  signal: AbortSignal,
): Promise<void> {
  if (request === undefined) return
  // Warmed with the body of a real request but none of its headers: the null server needs no token.
  const plain = { ...request, headers: [['content-type', 'application/json']] as const }
  const createNullTransport = (url: URL, connections: number) =>
    openTransport(options, url, connections)
  await warmUpSelf({
    createTransport: createNullTransport,
    request: plain,
    durationMs: SELF_WARM_UP_MS,
    signal,
  })
}

function openTransport(options: RunOptions, url: URL, connections: number): Transport {
  return createTransport(clientFor(options), {
    url,
    connections,
    timeoutMs: options.timeoutSeconds * 1000,
    keepAlive: !options.noKeepalive,
    insecure: options.insecure,
    useEnvProxy: options.useEnvProxy && url.hostname !== '127.0.0.1',
    captureHeaders: false,
    now: monotonicClock.now,
  })
}

/** One client for all endpoints of a run, or the arms would differ by more than the proxy. */
function clientFor(options: RunOptions): 'lean' | 'undici' {
  const urls = [options.url, options.directUrl, options.proxyUrl].filter((url) => url !== undefined)
  const clients = urls.map((url) =>
    resolveClient(options.client, new URL(url), options.useEnvProxy),
  )
  return clients.includes('undici') ? 'undici' : 'lean'
}

function runFacts(options: RunOptions, startedAt: string) {
  return {
    started_at: startedAt,
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    client: clientFor(options),
    keep_alive: !options.noKeepalive,
  }
}

/** What may not appear in any output: the token, and header values long enough to be secrets. */
function secretsOf({ token, header }: RunOptions): string[] {
  const values = header.map(([, value]) => value).filter((value) => value.length >= 8)
  return token === undefined ? values : [token, ...values]
}
