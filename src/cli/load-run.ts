import { analyse, primaryHalfWidth } from '../analysis/analyse.ts'
import type { ClientWorkers } from '../engine/client-workers/client-workers.ts'
import { runPlan } from '../engine/run-plan.ts'
import { monotonicClock } from '../engine/monotonic-clock.ts'
import { warmUpSelf } from '../engine/self-warm-up.ts'
import type { Measurement } from '../model/measurement.ts'
import type { Result } from '../model/result.ts'
import type { RunHead, RunRecord } from '../model/run-record.ts'
import type { RunOptions } from '../options/run-options.ts'
import { preamble } from '../report/preamble.ts'
import { closingReport, levelReport } from '../report/run-report.ts'
import { createRedactor, redactUrl } from '../results/redact.ts'
import { randomStreams } from '../schedule/random-streams.ts'
import type { Io } from './io.ts'
import { Journal } from './journal.ts'
import { clientFor, openTransport } from './open-transport.ts'
import { planOf, settingsOf, specOf } from './plan-run.ts'
import { prepareRequests, secretsOf } from './prepare-requests.ts'
import { createProgress } from './progress.ts'
import { saveResult } from './save-result.ts'
import { choosePrompts } from './select-prompts.ts'
import { startClientWorkers, workerCountOf } from './start-client-workers.ts'
import { readVersion } from './version.ts'

/** How long the client warms itself up. */
const SELF_WARM_UP_MS = 2000

/** Fewer rounds give an interval whose own width is too uncertain to stop on. */
const ROUNDS_BEFORE_STOP = 8

/** Runs load mode: prints preamble, tables and doubts, and writes the result file. */
export async function runLoad(options: RunOptions, io: Io, signal: AbortSignal): Promise<Result> {
  const { prompts, description, dataset } = await choosePrompts(options, io.workingDirectory)
  const spec = specOf(options)
  const plan = planOf(options, prompts.length)
  const head: RunHead = {
    tool: { name: 'llmtrace-bench', version: await readVersion() },
    startedAt: new Date().toISOString(),
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    client: clientFor(options),
    clientWorkers: workerCountOf(options, plan),
    plan,
    spec,
    hasToken: options.token !== undefined || options.endpointToken.length > 0,
    agentId: options.agentId,
    dataset,
    settings: settingsOf(options),
  }
  const requestsOf = prepareRequests(options, prompts, spec)
  io.stdout(preamble({ ...head, plan: redactPlan(head) }, description))

  const publicHead = { ...head, plan: redactPlan(head) }
  const journal = await Journal.open(options.runFile, publicHead)
  const measuring = { options, head, requestsOf, journal, io, signal }
  const clientWorkers = await openClient(measuring)
  const measurements = await measure(measuring, clientWorkers).finally(() => clientWorkers?.close())
  const partial = signal.aborted
  const record: RunRecord = {
    ...publicHead,
    measurements: measurements.map((one) => ({ ...one, url: redactUrl(one.url) })),
    partial,
    incidents: await journal.close(partial),
  }
  const analysed = analyse(record)
  const result = { ...analysed, warnings: [...record.incidents, ...analysed.warnings] }
  io.stdout(closingReport(result, record.measurements, record.settings))
  if (options.runFile !== undefined && record.incidents.length === 0) {
    io.stdout(`Run file: ${options.runFile}${partial ? ' (partial)' : ''}\n`)
  }
  await saveResult(options.outputJson, record, analysed, io)
  return result
}

function redactPlan({ plan }: RunHead): RunHead['plan'] {
  const endpoints = plan.endpoints.map((one) => ({ ...one, url: redactUrl(one.url) }))
  return { ...plan, endpoints }
}

interface Measuring {
  readonly options: RunOptions
  readonly head: RunHead
  readonly requestsOf: ReturnType<typeof prepareRequests>
  readonly journal: Journal
  readonly io: Io
  readonly signal: AbortSignal
}

/** Warms up whatever is going to send: the client workers, which it starts, or this thread. */
async function openClient({ options, head, requestsOf, io, signal }: Measuring) {
  const { plan } = head
  const selfWarmUpMs = options.noSelfWarmup ? 0 : SELF_WARM_UP_MS
  const count = head.clientWorkers
  if (count !== undefined) {
    return startClientWorkers(options, { count, plan, requestsOf, selfWarmUpMs, io, signal })
  }
  const [first] = plan.endpoints
  const [request] = first === undefined ? [] : requestsOf(first)
  if (selfWarmUpMs === 0 || request === undefined) return undefined
  await warmUpSelf({
    createTransport: (url, connections) => openTransport(options, url, connections),
    request,
    durationMs: selfWarmUpMs,
    signal,
  })
  return undefined
}

async function measure(measuring: Measuring, clientWorkers: ClientWorkers | undefined) {
  const { options, head, requestsOf, journal, io, signal } = measuring
  const { plan, settings } = head
  const progress = createProgress(io, options.progressEvery, plan.requests)
  const analyseLevel = (measurements: readonly Measurement[]) =>
    analyse({ plan, settings, measurements })
  return runPlan(plan, {
    createTransport: ({ url }, { concurrency }) =>
      openTransport(options, new URL(url), concurrency),
    requestsOf,
    createRandom: randomStreams(plan.seed),
    redact: createRedactor(secretsOf(options)),
    now: () => monotonicClock.now(),
    onLevelStart: (index, soFar) => {
      progress.start()
      journal.startLevel(index, soFar)
    },
    onProgress: (step) => progress.step(step),
    onRoundEnd: (soFar) =>
      settings.untilHalfWidthMs === undefined ||
      !isPreciseEnough(soFar(), settings.untilHalfWidthMs, analyseLevel, settings),
    onLevelEnd: (measurements, index) => {
      progress.end()
      journal.endLevel(index, measurements)
      const [one] = measurements
      if (one !== undefined) io.stdout(levelReport(analyseLevel(measurements), one.level))
    },
    signal,
    clientWorkers,
  })
}

function isPreciseEnough(
  measurements: readonly Measurement[],
  wantedMs: number,
  analyseLevel: (measurements: readonly Measurement[]) => Result,
  settings: RunHead['settings'],
): boolean {
  const rounds = measurements[0]?.rounds ?? 0
  // Only after an even number have all orders been had equally often.
  if (rounds < ROUNDS_BEFORE_STOP || rounds % 2 === 1) return false
  const compared = analyseLevel(measurements).overheads.filter(({ control }) => !control)
  return compared.every((overhead) => {
    const half = primaryHalfWidth(overhead, settings)
    return half !== undefined && half <= wantedMs
  })
}
