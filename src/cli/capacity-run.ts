import { isClientLimited, judgeTrial, longestLimit } from '../analysis/capacity.ts'
import { pageHead } from '../analysis/run-page.ts'
import { findCapacity } from '../engine/find-capacity.ts'
import type { Slo } from '../model/budget.ts'
import type { Capacity, CapacityTrial } from '../model/capacity.ts'
import { measured, unmeasured } from '../model/estimate.ts'
import { EXIT_CODES } from '../model/exit-code.ts'
import type { RunOptions } from '../options/run-options.ts'
import { capacityGoal, capacityTable } from '../report/capacity-table.ts'
import { preamble } from '../report/preamble.ts'
import type { CapacitySearch } from '../schedule/capacity-search.ts'
import { buildCapacityResult } from '../results/capacity-file.ts'
import { engineTools } from './engine-tools.ts'
import type { Io } from './io.ts'
import { openClient } from './open-client.ts'
import { prepareRun } from './prepare-run.ts'
import { savePage } from './save-page.ts'
import { keep } from './save-result.ts'

/** Where the search begins when no rate is given. */
export const START_RATE = 10

/** A trial lasts this long, so that a queue has time to grow past the SLO: at 10 % too many arrivals it takes ten SLOs. */
const LEAST_TRIAL_MS = 2000
const SLOS_PER_TRIAL = 10

/** Runs the capacity search: prints each trial to stderr, the table at the end; resolves to the exit code. */
export async function runCapacity(
  options: RunOptions,
  io: Io,
  signal: AbortSignal,
): Promise<number> {
  const slo = options.slo ?? { e2eMs: 0 }
  const goal = capacityGoal(slo, options.sloShare)
  const prepared = await prepareRun(options, io)
  const { publicHead } = prepared
  const startRate = options.rate ?? START_RATE
  const levels = [{ concurrency: options.maxInFlight, rate: startRate }]
  const plan = { ...prepared.head.plan, levels }
  io.stdout(preamble({ ...publicHead, plan: { ...publicHead.plan, levels } }, prepared.description))
  io.stdout(`Searching the highest rate that keeps ${goal}\n\n`)
  const clientWorkers = await openClient(options, prepared, io, signal)

  const trials = new Map(plan.endpoints.map(({ name }) => [name, [] as CapacityTrial[]]))
  const searches = await findCapacity({
    plan,
    startRate,
    mostInFlight: options.maxInFlight,
    trialMs: Math.max(LEAST_TRIAL_MS, SLOS_PER_TRIAL * longestLimit(slo)),
    passes: ({ name }, _, measurement) => {
      const trial = judgeTrial(measurement, slo, options.sloShare)
      trials.get(name)?.push(trial)
      io.stderr(describeTrial(name, trial))
      return trial.passed
    },
    context: {
      ...engineTools(options, prepared),
      onLevelStart: () => {},
      onProgress: () => {},
      onRoundEnd: () => true,
      onLevelEnd: () => {},
      clientWorkers,
      signal,
    },
  }).finally(() => clientWorkers?.close())
  const capacities = [...searches].map(([endpoint, search]) =>
    capacityOf(endpoint, search, trials.get(endpoint) ?? [], slo),
  )
  io.stdout(capacityTable(capacities, goal))
  if (options.outputJson !== undefined) {
    const file = buildCapacityResult(publicHead, capacities, { slo, share: options.sloShare })
    const saved = await keep(options.outputJson, file, io)
    if (!saved) return EXIT_CODES.runInvalid.code
    io.stdout(`Result file: ${options.outputJson}${signal.aborted ? ' (partial)' : ''}\n`)
  }
  const page = () => ({
    head: pageHead(publicHead, signal.aborted),
    capacity: { capacities, slo, share: options.sloShare },
  })
  if (!(await savePage(options.report, page, io))) return EXIT_CODES.runInvalid.code
  const found = capacities.some(({ rate }) => rate.value !== undefined)
  return found ? EXIT_CODES.ok.code : EXIT_CODES.runInvalid.code
}

function describeTrial(
  name: string,
  { rate, requests, attainment, passed }: CapacityTrial,
): string {
  if (attainment.value === undefined) {
    return `${name} at ${rate.toFixed(1)}/s: cannot be judged, ${attainment.reason}\n`
  }
  const share = (attainment.value * 100).toFixed(2)
  return `${name} at ${rate.toFixed(1)}/s: ${share} % of ${requests} within the SLO, ${passed ? 'kept' : 'not kept'}\n`
}

function capacityOf(
  endpoint: string,
  search: CapacitySearch,
  trials: readonly CapacityTrial[],
  slo: Slo,
): Capacity {
  const unjudged = trials.find(({ attainment }) => attainment.value === undefined)
  const reason =
    unjudged?.attainment.reason ??
    (search.passed === 0 && search.state === 'given-up'
      ? 'no rate kept the SLO; see the endpoint alone with --url, or widen --slo'
      : 'the search was ended before it settled')
  const failing = trials.find((trial) => !trial.passed && trial.rate === search.failed)
  return {
    endpoint,
    rate: search.state === 'settled' ? measured(search.passed) : unmeasured(reason),
    failingRate: Number.isFinite(search.failed) ? search.failed : undefined,
    trials,
    limitedByClient: failing !== undefined && isClientLimited(failing, slo),
  }
}
