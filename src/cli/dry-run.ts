import { EXIT_CODES } from '../model/exit-code.ts'
import type { Plan } from '../model/plan.ts'
import type { RunOptions } from '../options/run-options.ts'
import { forecastReport } from '../report/forecast-report.ts'
import { preamble } from '../report/preamble.ts'
import { probePreamble } from '../report/probe-preamble.ts'
import { START_RATE } from './capacity-run.ts'
import { forecastLoad, forecastProbe } from './forecast.ts'
import type { Io } from './io.ts'
import { selfWarmUpOf } from './open-client.ts'
import { prepareRun } from './prepare-run.ts'

/** Stands for the endpoints of `--chain`, which have no ports before they are started. */
const CHAIN = { directUrl: 'http://chain/direct', proxyUrl: 'http://chain/proxy' }

/** `--dry-run`: says what would be sent. Opens no connection, starts no server and writes no file. */
export async function dryRun(options: RunOptions, io: Io): Promise<number> {
  const resolved: RunOptions = options.chain
    ? { ...options, ...CHAIN, model: options.model ?? 'simulated' }
    : options
  const { head, publicHead, description, requestsOf } = await prepareRun(resolved, io)
  const [first] = head.plan.endpoints
  const plan = options.findCapacity ? trialOf(head.plan, options) : head.plan
  const input = {
    plan,
    requests: first === undefined ? [] : requestsOf(first),
    selfWarmUpMs: selfWarmUpOf(options),
    latencyMs: options.assumeLatency,
    caveat: caveatOf(options),
  }
  if (options.mode === 'probe') {
    const workers = options.workers === 0 ? options.concurrency : options.workers
    io.stdout(probePreamble(publicHead, description, workers))
    io.stdout(forecastReport(forecastProbe(input, workers)))
  } else {
    io.stdout(preamble(publicHead, description))
    io.stdout(forecastReport(forecastLoad(input)))
  }
  return EXIT_CODES.ok.code
}

/** The first trial of a search for capacity. */
function trialOf(plan: Plan, { maxInFlight, rate = START_RATE }: RunOptions): Plan {
  return { ...plan, levels: [{ concurrency: maxInFlight, rate }] }
}

function caveatOf({ mode, retries, untilHalfWidth, findCapacity }: RunOptions) {
  if (mode === 'probe') {
    return retries === 0 ? undefined : `up to ${retries} more for each that fails`
  }
  if (findCapacity)
    return 'that is at least one trial each, and --find-capacity makes as many as it needs'
  return untilHalfWidth === undefined ? undefined : 'fewer where --until-half-width is reached'
}
