import { analyse, primaryHalfWidth } from '../analysis/analyse.ts'
import { runPage } from '../analysis/run-page.ts'
import type { ClientWorkers } from '../engine/client-workers/client-workers.ts'
import { runPlan } from '../engine/run-plan.ts'
import { type SavedRun, savedRunOf } from '../formats/saved-run.ts'
import type { Measurement } from '../model/measurement.ts'
import type { ProcessUsage } from '../model/process-usage.ts'
import type { Result } from '../model/result.ts'
import type { RunHead, RunRecord } from '../model/run-record.ts'
import type { RunOptions } from '../options/run-options.ts'
import { preamble } from '../report/preamble.ts'
import { closingReport, levelReport } from '../report/run-report.ts'
import { redactUrl } from '../results/redact.ts'
import { engineTools } from './engine-tools.ts'
import { exportRun } from './export-run.ts'
import type { Io } from './io.ts'
import { appendJobSummary } from './job-summary.ts'
import { Journal } from './journal.ts'
import type { UsageMeter } from './managed/usage-meter.ts'
import { openClient } from './open-client.ts'
import { prepareRun, type PreparedRun } from './prepare-run.ts'
import { createProgress } from './progress.ts'
import { savePage } from './save-page.ts'
import { saveResult } from './save-result.ts'
import { UpstreamArrivals } from './upstream-arrivals.ts'

/** Fewer rounds give an interval whose own width is too uncertain to stop on. */
const ROUNDS_BEFORE_STOP = 8

export interface LoadOutcome extends Result {
  /** False when the result file or the page could not be written. */
  readonly saved: boolean
}

/** Runs load mode: prints preamble, tables and doubts, and writes the result file. */
export async function runLoad(
  options: RunOptions,
  io: Io,
  signal: AbortSignal,
  meter?: UsageMeter,
): Promise<LoadOutcome> {
  const prepared = await prepareRun(options, io)
  const { publicHead } = prepared
  if (!options.quiet) io.stdout(preamble(publicHead, prepared.description))

  const upstreamArrivals = await UpstreamArrivals.open(options)
  const journal = await Journal.open(options.runFile, publicHead)
  const clientWorkers = await openClient(options, prepared, io, signal)
  const processes: Promise<ProcessUsage[]>[] = []
  const measurements = await measure({
    processes,
    meter,
    options,
    prepared,
    journal,
    clientWorkers,
    io,
    signal,
  }).finally(() => clientWorkers?.close())
  const partial = signal.aborted
  const upstream = await upstreamArrivals.read()
  if (upstream.arrivals !== undefined) journal.keepUpstream(upstream.arrivals)
  const record: RunRecord = {
    ...publicHead,
    measurements: measurements.map((one) => ({ ...one, url: redactUrl(one.url) })),
    processes: meter === undefined ? undefined : (await Promise.all(processes)).flat(),
    upstream: upstream.arrivals,
    partial,
    incidents: [...(await journal.close(partial)), ...upstream.incidents],
  }
  const analysed = analyse(record)
  const result = { ...analysed, warnings: [...record.incidents, ...analysed.warnings] }
  io.stdout(closingReport(result, record.measurements, record.settings))
  if (options.runFile !== undefined && record.incidents.length === 0) {
    io.stdout(`Run file: ${options.runFile}${partial ? ' (partial)' : ''}\n`)
  }
  const saved = await saveResult(options.outputJson, record, analysed, io)
  const reported = await savePage(options.report, () => runPage(record, result), io)
  await publish(savedRunOf(record, analysed), options, io)
  return { ...result, saved: saved && reported }
}

/** Sends the results on, now that they are saved. */
async function publish(run: SavedRun, options: RunOptions, io: Io): Promise<void> {
  await appendJobSummary(async (mostBytes) => {
    const { githubSummary } = await import('../formats/github.ts')
    return githubSummary(run, mostBytes)
  }, io)
  await exportRun(run, options, io)
}

interface Measuring {
  /** Of each level, as it ends. */
  readonly processes: Promise<ProcessUsage[]>[]
  readonly meter: UsageMeter | undefined
  readonly options: RunOptions
  readonly prepared: PreparedRun
  readonly journal: Journal
  readonly clientWorkers: ClientWorkers | undefined
  readonly io: Io
  readonly signal: AbortSignal
}

async function measure(measuring: Measuring) {
  const { options, prepared, journal, clientWorkers, io, signal } = measuring
  let endUsage: (() => Promise<ProcessUsage[]>) | undefined
  const { plan, settings, promptLabels } = prepared.head
  const progress = createProgress(io, plan, { every: options.progressEvery, quiet: options.quiet })
  const analyseLevel = (measurements: readonly Measurement[]) =>
    analyse({ plan, settings, promptLabels, measurements })
  return runPlan(plan, {
    ...engineTools(options, prepared),
    onLevelStart: (index, soFar) => {
      progress.start(index)
      journal.startLevel(index, soFar)
      const level = plan.levels[index]
      endUsage = level && measuring.meter?.startLevel(level)
    },
    onProgress: (step) => progress.step(step),
    onRoundEnd: (soFar) =>
      settings.untilHalfWidthMs === undefined ||
      !isPreciseEnough(soFar(), settings.untilHalfWidthMs, analyseLevel, settings),
    onLevelEnd: (measurements, index) => {
      progress.end()
      journal.endLevel(index, measurements)
      if (endUsage !== undefined) measuring.processes.push(keepUsage(endUsage(), journal))
      const [one] = measurements
      if (one !== undefined) io.stdout(levelReport(analyseLevel(measurements), one.level))
    },
    signal,
    clientWorkers,
  })
}

async function keepUsage(usage: Promise<ProcessUsage[]>, journal: Journal) {
  const processes = await usage
  journal.keepProcesses(processes)
  return processes
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
