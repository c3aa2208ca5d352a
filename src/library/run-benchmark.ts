import { analyse } from '../analysis/analyse.ts'
import { monotonicClock } from '../engine/monotonic-clock.ts'
import { runPlan } from '../engine/run-plan.ts'
import { warmUpSelf } from '../engine/self-warm-up.ts'
import type { Plan, RequestSpec } from '../model/plan.ts'
import type { Prompt } from '../model/prompt.ts'
import type { Result } from '../model/result.ts'
import type { AnalysisSettings, RunHead, RunRecord } from '../model/run-record.ts'
import { UsageError } from '../model/usage-error.ts'
import { createRedactor, redactUrl } from '../results/redact.ts'
import { randomStreams } from '../schedule/random-streams.ts'
import { prepareChatRequests } from '../transport/chat-requests.ts'
import { createTransport, resolveClient } from '../transport/create-transport.ts'
import type { PreparedRequest } from '../transport/transport.ts'
import type { BenchmarkEndpoint, BenchmarkOptions } from './benchmark-options.ts'
import { identifyRequests } from './identify-requests.ts'
import { createLoadJudge } from './load-judge.ts'
import { readVersion } from './version.ts'

/** The samples of a run with what it was, and what they say. */
export interface Benchmark {
  readonly record: RunRecord
  readonly result: Result
}

/**
 * Measures endpoints as the command does, and gives samples and result back instead of printing. Touches nothing of the
 * process: no output, no files, no signals. Failures of the endpoints are data. Rejects with UsageError for options that
 * make no run.
 */
export async function runBenchmark(options: BenchmarkOptions): Promise<Benchmark> {
  check(options)
  const prompts = promptsOf(options)
  const { signal = new AbortController().signal } = options
  const spec = specOf(options, prompts)
  const plan = planOf(options, prompts.length)
  const requests = new Map(
    options.endpoints.map((endpoint) => [
      endpoint.name,
      prepareChatRequests(prompts, spec, extrasOf(endpoint, options)),
    ]),
  )
  const transportTo = transports(options)
  const [first] = [...requests.values()].flat()
  const { selfWarmupMs = 2000 } = options
  if (first !== undefined && selfWarmupMs > 0) {
    const warmUp = { request: first, durationMs: selfWarmupMs, signal }
    await warmUpSelf({ createTransport: transportTo, ...warmUp })
  }
  const firstRequests = requests.get(plan.endpoints[0]?.name ?? '') ?? []
  const head = await headOf(options, { plan, spec, prompts, requests: firstRequests })
  const { promptLabels, settings } = head
  const measurements = await runPlan(plan, {
    createTransport: ({ url }, { concurrency }) => transportTo(new URL(url), concurrency),
    requestsOf: ({ name }) => requests.get(name) ?? [],
    createRandom: randomStreams(plan.seed),
    redact: createRedactor(secretsOf(options)),
    now: () => monotonicClock.now(),
    judge: judgeOf(options, prompts),
    onLevelStart: () => {},
    onProgress: (step) => options.onProgress?.(step),
    onRoundEnd: () => true,
    onLevelEnd: (level) => {
      const [one] = level
      const analysed = analyse({ plan, settings, spec, promptLabels, measurements: level })
      if (one !== undefined) options.onLevel?.(analysed, one.level)
    },
    signal,
  })
  const record: RunRecord = {
    ...head,
    measurements: measurements.map((one) => ({ ...one, url: redactUrl(one.url) })),
    partial: signal.aborted,
    incidents: [],
  }
  return { record, result: analyse(record) }
}

interface Known {
  readonly plan: Plan
  readonly spec: RequestSpec
  readonly prompts: readonly Prompt[]
  /** To the first endpoint; the others differ in headers only. */
  readonly requests: readonly PreparedRequest[]
}

/** What the run is, without its secrets. */
async function headOf(
  options: BenchmarkOptions,
  { plan, spec, prompts, requests }: Known,
): Promise<RunHead> {
  const labelled = prompts.some(({ label }) => label !== undefined)
  const endpoints = plan.endpoints.map((one) => ({ ...one, url: redactUrl(one.url) }))
  return {
    tool: { name: 'llmtrace-bench', version: await readVersion() },
    startedAt: new Date().toISOString(),
    clockZeroAt: Date.now() - monotonicClock.now(),
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    client: clientFor(options),
    plan: { ...plan, endpoints },
    spec,
    hasToken: options.endpoints.some(({ token }) => token !== undefined),
    agentId: undefined,
    dataset: undefined,
    request: identifyRequests(prompts, requests),
    promptLabels: labelled ? prompts.map(({ label }) => label ?? null) : undefined,
    settings: settingsOf(options),
  }
}

function check({ endpoints, model, levels }: BenchmarkOptions): void {
  const names = endpoints.map(({ name }) => name)
  if (names.length === 0) throw new UsageError('endpoints is empty; give one, or two to compare')
  if (new Set(names).size < names.length) {
    throw new UsageError(`endpoints have a name twice (${names.join(', ')}); give each its own`)
  }
  if (model === '') throw new UsageError('model is empty; give the name as the endpoint knows it')
  if (levels?.length === 0) throw new UsageError('levels is empty; give one, or leave it out')
  const bad = endpoints.find(({ url }) => !/^https?:$/.test(protocolOf(url)))
  if (bad !== undefined) {
    throw new UsageError(`the url of ${bad.name} is no http or https URL: ${redactUrl(bad.url)}`)
  }
}

function protocolOf(url: string): string {
  return URL.canParse(url) ? new URL(url).protocol : ''
}

function promptsOf({ prompts = ['Return a one-word response: OK.'] }: BenchmarkOptions): Prompt[] {
  if (prompts.length === 0) throw new UsageError('prompts is empty; give one, or leave it out')
  return prompts.map((one, index) =>
    typeof one === 'string' ? { id: `prompt-${index + 1}`, text: one } : one,
  )
}

function specOf(options: BenchmarkOptions, prompts: readonly Prompt[]): RequestSpec {
  const {
    model,
    system = 'You are a helpful assistant.',
    temperature = 0,
    maxTokens = 16,
  } = options
  const stream = options.stream === true ? { stream: true } : {}
  return { model, system, prompt: prompts[0]?.text ?? '', temperature, maxTokens, ...stream }
}

function planOf(options: BenchmarkOptions, promptCount: number): Plan {
  const { endpoints, levels = [{ concurrency: 10 }], requests = 100 } = options
  return {
    endpoints: endpoints.map(({ name, url }, index) => ({ name, url, baseline: index === 0 })),
    levels,
    requests,
    promptCount,
    order: options.order ?? 'rounds',
    rounds: options.rounds,
    arrival: options.arrival ?? 'poisson',
    jitterMs: 0,
    seed: options.seed ?? 1,
    warmupRequests: options.warmupRequests,
  }
}

function settingsOf({
  slo,
  budgets,
  keepAlive = true,
  selfWarmupMs,
}: BenchmarkOptions): AnalysisSettings {
  return {
    slo,
    budgets: { maxOverhead: [], maxErrorRate: undefined, minOkRps: undefined, ...budgets },
    primaryMetric: 'p95',
    pValues: false,
    untilHalfWidthMs: undefined,
    keepAlive,
    selfWarmup: selfWarmupMs !== 0,
  }
}

function extrasOf({ token, headers = [] }: BenchmarkEndpoint, { body }: BenchmarkOptions) {
  return { token, agentId: undefined, headers, body }
}

function secretsOf({ endpoints }: BenchmarkOptions): string[] {
  return endpoints.flatMap(({ token, headers = [] }) => [
    ...(token === undefined ? [] : [token]),
    ...headers.map(([, value]) => value).filter((value) => value.length >= 8),
  ])
}

function judgeOf(
  { verdicts = true, blockedWhen = [], model }: BenchmarkOptions,
  prompts: readonly Prompt[],
) {
  if (!verdicts) return undefined
  return createLoadJudge({ model, prompts: prompts.map(({ text }) => text), blockedWhen })
}

/** One client for all endpoints of a run, or the arms would differ by more than the proxy. */
function clientFor({ endpoints }: BenchmarkOptions): 'lean' | 'undici' {
  const clients = endpoints.map(({ url }) => resolveClient('auto', new URL(url), false))
  return clients.includes('undici') ? 'undici' : 'lean'
}

function transports(options: BenchmarkOptions) {
  const { timeoutMs = 60_000, keepAlive = true, insecure = false, stream = false } = options
  const client = clientFor(options)
  return (url: URL, connections: number) =>
    createTransport(client, {
      url,
      connections,
      timeoutMs,
      keepAlive,
      insecure,
      useEnvProxy: false,
      captureHeaders: false,
      ...(stream ? { stream: { cancelAfter: undefined } } : {}),
      now: () => monotonicClock.now(),
    })
}
