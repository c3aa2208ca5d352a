import { summarize } from '../analysis/summarize.ts'
import { findWarnings } from '../analysis/warnings.ts'
import { runPlan } from '../engine/run-plan.ts'
import { warmUpSelf } from '../engine/self-warm-up.ts'
import type { Measurement } from '../model/measurement.ts'
import type { Plan } from '../model/plan.ts'
import type { Overhead, Summary } from '../model/summary.ts'
import type { RunOptions } from '../options/run-options.ts'
import { failureLines, warningLines } from '../report/doubts.ts'
import { preamble } from '../report/preamble.ts'
import { createRedactor, redactUrl } from '../results/redact.ts'
import { createRandom } from '../stats/random.ts'
import { prepareChatRequests } from '../transport/chat-requests.ts'
import type { PreparedRequest } from '../transport/transport.ts'
import type { Io } from './io.ts'
import { createLevelPrinter } from './level-printer.ts'
import { planOf, specOf } from './plan-run.ts'
import { createProgress, type Progress } from './progress.ts'
import { openTransport } from './open-transport.ts'
import { saveResult } from './save-result.ts'
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
  io.stdout(describeRun(options, plan, description))
  if (!options.noSelfWarmup) await selfWarmUp(options, requests[0], signal)

  const printer = createLevelPrinter(plan.endpoints.length, io.stdout)
  const summaries: Summary[] = []
  const progress = createProgress(io, options.progressEvery)
  const measurements = await measure(
    options,
    { plan, requests, progress, signal },
    (measurement) => {
      progress.end()
      const summary = { ...summarize(measurement), url: redactUrl(measurement.url) }
      summaries.push(summary)
      printer.add(summary)
    },
  )
  printer.finish()
  const conditions = { keepAlive: !options.noKeepalive, selfWarmup: !options.noSelfWarmup }
  const warnings = findWarnings(summaries, conditions)
  io.stdout(failureLines(summaries, measurements))
  io.stdout(warningLines(warnings))
  const finished = { measurements, summaries, overheads: printer.overheads, warnings }
  const partial = signal.aborted
  await saveResult(options, { startedAt, plan, spec, dataset, partial, ...finished }, io)
  return { summaries, overheads: printer.overheads }
}

function describeRun(options: RunOptions, plan: Plan, prompts: string | undefined): string {
  return preamble({
    endpoints: plan.endpoints.map(({ name, url }) => ({ name, url: redactUrl(url) })),
    model: options.model ?? '',
    agentId: options.agentId,
    hasToken: options.token !== undefined,
    prompts,
    concurrencies: plan.concurrencies,
    requests: plan.requests,
  })
}

interface Measuring {
  readonly plan: Plan
  readonly requests: readonly PreparedRequest[]
  readonly progress: Progress
  readonly signal: AbortSignal
}

function measure(
  options: RunOptions,
  { plan, requests, progress, signal }: Measuring,
  onBlockEnd: (measurement: Measurement) => void,
): Promise<Measurement[]> {
  return runPlan(plan, {
    createTransport: ({ endpoint, concurrency }) =>
      openTransport(options, new URL(endpoint.url), concurrency),
    requests,
    createRandom: (index) => createRandom(`${plan.seed}/jitter/${index}`),
    redact: createRedactor(secretsOf(options)),
    onBlockStart: () => progress.start(),
    onProgress: (block, done, { outcome }) => progress.step(block, done, outcome === 'ok'),
    onBlockEnd,
    signal,
  })
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

/** What may not appear in any output: the token, and header values long enough to be secrets. */
function secretsOf({ token, header }: RunOptions): string[] {
  const values = header.map(([, value]) => value).filter((value) => value.length >= 8)
  return token === undefined ? values : [token, ...values]
}
