import { createRecorder } from '../../src/engine/recorder.ts'
import type { Measurement } from '../../src/model/measurement.ts'
import { drawLognormal, drawNormal } from '../../src/stats/distribution.ts'
import { mean, quantile, type SortedSample, sortSample } from '../../src/stats/quantile.ts'
import { createRandom, type Random } from '../../src/stats/random.ts'

/** An upstream as a client sees it: a level that wanders while the run lasts, and noise of each request. */
export interface Regime {
  readonly name: string
  readonly medianMs: number
  /** Standard deviation of the logarithm of a request's latency. */
  readonly sigma: number
  /** Stationary standard deviation of the logarithm of the wandering level (Ornstein-Uhlenbeck). */
  readonly driftSigma: number
  /** Share of requests that stall by 50 ms whatever the side. */
  readonly stalls: number
  /** Share of requests that the proxy slows by another 40 ms. */
  readonly slowShare: number
}

const SIMULATOR = { medianMs: 20, sigma: 0.05, driftSigma: 0.005, stalls: 0.001 }
const PROVIDER = { medianMs: 400, sigma: 0.25, slowShare: 0.02 }

export const REGIMES: readonly Regime[] = [
  { name: 'simulator, 20 ms', ...SIMULATOR, slowShare: 0.02 },
  { name: 'calm provider, 400 ms', ...PROVIDER, driftSigma: 0.03, stalls: 0.002 },
  { name: 'busy provider, 400 ms', ...PROVIDER, driftSigma: 0.15, stalls: 0.01 },
  // The slow requests begin just where p99 lies: a quantile in a gap has no good interval.
  { name: 'simulator, 1% slow', ...SIMULATOR, slowShare: 0.01 },
]

const ROUNDS = 10
const EACH = 100
const WORKERS = 10

/** Time in which the wandering level forgets itself. */
const FORGET_MS = 20_000

/** The side effects that the estimators look at, as functions of one side's latencies. */
export const TRUTHS = [
  ['mean', (sample: SortedSample) => mean(sample) ?? 0],
  ['p50', (sample: SortedSample) => quantile(sample, 0.5) ?? 0],
  ['p95', (sample: SortedSample) => quantile(sample, 0.95) ?? 0],
  ['p99', (sample: SortedSample) => quantile(sample, 0.99) ?? 0],
] as const

/** What the proxy adds to one request: 3 ms, 2 ms more on average, and now and then 40 ms. */
function addedMs({ slowShare }: Regime, random: Random): number {
  return 3 - 2 * Math.log(1 - random()) + (random() < slowShare ? 40 : 0)
}

/** One run of both sides through the same weather, block by block, in a closed loop. */
export function simulateRun(
  regime: Regime,
  order: 'rounds' | 'sequential',
  random: Random,
): [direct: Measurement, proxy: Measurement] {
  const recorders = [createRecorder(ROUNDS * EACH), createRecorder(ROUNDS * EACH)] as const
  const weather = createWeather(regime, random)
  const blocks = order === 'rounds' ? interleaved(random) : sequential()
  let now = 0
  for (const { side, round } of blocks) {
    const free = Array.from({ length: WORKERS }, () => now)
    for (let index = 0; index < EACH; index += 1) {
      const worker = free.indexOf(Math.min(...free))
      const sentAt = free[worker] ?? now
      const stall = random() < regime.stalls ? 50 : 0
      const own = drawLognormal(random, regime.medianMs * weather(sentAt), regime.sigma) + stall
      const endedAt = sentAt + own + (side === 1 ? addedMs(regime, random) : 0)
      free[worker] = endedAt
      recorders[side].record(
        { sequence: round * EACH + index, promptIndex: 0, delayMs: 0 },
        { outcome: 'ok', status: 200, sentAt, endedAt, reused: true, connectMs: 0, bodyBytes: 1 },
        { round, intendedAt: undefined },
      )
    }
    now = Math.max(...free)
  }
  const measure = (endpoint: string, side: 0 | 1): Measurement => ({
    endpoint,
    url: '',
    level: { concurrency: WORKERS },
    planned: ROUNDS * EACH,
    rounds: ROUNDS,
    samples: recorders[side].columns(),
    errorExamples: [],
    clientLoads: [],
    facts: [],
    heldBack: 0,
    partial: false,
  })
  return [measure('direct', 0), measure('proxy', 1)]
}

interface Turn {
  readonly side: 0 | 1
  readonly round: number
}

function interleaved(random: Random): Turn[] {
  let first: 0 | 1 = 0
  return Array.from({ length: ROUNDS }, (_, round): Turn[] => {
    if (round % 2 === 0) first = random() < 0.5 ? 0 : 1
    const begins: 0 | 1 = round % 2 === 0 ? first : first === 0 ? 1 : 0
    return [
      { side: begins, round },
      { side: begins === 0 ? 1 : 0, round },
    ]
  }).flat()
}

function sequential(): Turn[] {
  return ([0, 1] as const).flatMap((side) =>
    Array.from({ length: ROUNDS }, (_, round) => ({ side, round })),
  )
}

/** The factor of the level at an instant; instants have to come in ascending order, give or take a request. */
function createWeather({ driftSigma }: Regime, random: Random): (atMs: number) => number {
  let at = 0
  let level = driftSigma * drawNormal(random)
  return (atMs) => {
    const step = Math.max(0, atMs - at)
    const kept = Math.exp(-step / FORGET_MS)
    level = level * kept + driftSigma * Math.sqrt(1 - kept * kept) * drawNormal(random)
    at = Math.max(at, atMs)
    return Math.exp(level)
  }
}

/**
 * The overhead that the estimators aim at: quantiles of each side over all weather, from `runs` long runs pooled, and
 * the typical difference of independent pairs.
 */
export function trueOverhead(regime: Regime, runs: number) {
  const sides: [number[], number[]] = [[], []]
  const differences: number[] = []
  for (let run = 0; run < runs; run += 1) {
    const measured = simulateRun(regime, 'rounds', createRandom(`truth/${regime.name}/${run}`))
    const [direct, proxy] = measured.map(({ samples }) =>
      Array.from(samples.endedAt, (endedAt, index) => endedAt - (samples.sentAt[index] ?? 0)),
    )
    sides[0].push(...(direct ?? []))
    sides[1].push(...(proxy ?? []))
    for (const [index, after] of (proxy ?? []).entries()) differences.push(after - (direct?.[index] ?? 0))
  }
  const [before, after] = [sortSample(sides[0]), sortSample(sides[1])]
  const quantiles = Object.fromEntries(TRUTHS.map(([name, of]) => [name, of(after) - of(before)]))
  // Averages of two independent differences: their median is what Hodges and Lehmann estimate.
  const averages = differences.map(
    (one, index) => (one + (differences[(index + 7919) % differences.length] ?? 0)) / 2,
  )
  const typical = quantile(sortSample(averages), 0.5) ?? 0
  return { ...quantiles, typical } as Record<(typeof TRUTHS)[number][0] | 'typical', number>
}
