import { mkdirSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { compareMeasurements } from '../src/analysis/overhead.ts'
import { markdownTable } from '../src/report/markdown-table.ts'
import { quantile, sortSample } from '../src/stats/quantile.ts'
import { createRandom, type Random } from '../src/stats/random.ts'
import {
  REGIMES,
  type Regime,
  simulateRun,
  trueOverhead,
  TRUTHS,
} from './coverage/simulated-run.ts'

/**
 * How often the 95 % intervals hold the truth, on simulated series whose overhead is known. The naive way, all of one
 * side and then all of the other with a bootstrap of requests, is measured beside ours in the same run.
 */

const { values: flags } = parseArgs({
  options: {
    runs: { type: 'string', default: '2000' },
    truth: { type: 'string', default: '400' },
    'output-json': { type: 'string', default: 'bench/results/coverage.json' },
  },
})
const RUNS = Number(flags.runs)

/** Latency estimators of ours, by what they estimate. */
const ESTIMATORS = ['mean', 'p50', 'p95', 'p99', 'typical'] as const

type Estimator = (typeof ESTIMATORS)[number]

interface Tally {
  held: number
  given: number
  width: number
}

const row = () =>
  Object.fromEntries(
    ESTIMATORS.map((name) => [name, { held: 0, given: 0, width: 0 } satisfies Tally]),
  ) as Record<Estimator, Tally>

function count(tally: Tally, low: number, high: number, truth: number): void {
  tally.given += 1
  tally.width += high - low
  if (low <= truth && truth <= high) tally.held += 1
}

function measureRegime(regime: Regime) {
  const truth = trueOverhead(regime, Number(flags.truth))
  const ours = row()
  const naive = row()
  for (let run = 0; run < RUNS; run += 1) {
    const random = createRandom(`${regime.name}/${run}`)
    const rounds = simulateRun(regime, 'rounds', random)
    const { rows, paired } = compareMeasurements(...rounds, { order: 'rounds' })
    for (const { metric, interval } of rows) {
      const known = ESTIMATORS.find((name) => name === metric)
      if (known === undefined || interval.value === undefined) continue
      count(ours[known], interval.value.low, interval.value.high, truth[known])
    }
    const typical = paired.interval.value
    if (typical !== undefined) count(ours.typical, typical.low, typical.high, truth.typical)
    // A bootstrap of thousands of requests is slow: a tenth of the runs is enough to see it fail.
    if (run % 10 === 0) naiveIntervals(regime, random, truth, naive)
  }
  return { regime: regime.name, truth, ours, naive }
}

/** All direct, then all proxy; percentile bootstrap of requests within each side. */
function naiveIntervals(
  regime: Regime,
  random: Random,
  truth: Record<Estimator, number>,
  tallies: Record<Estimator, Tally>,
): void {
  const [direct, proxy] = simulateRun(regime, 'sequential', random).map(({ samples }) =>
    samples.endedAt.map((endedAt, index) => endedAt - (samples.sentAt[index] ?? 0)),
  )
  if (direct === undefined || proxy === undefined) return
  const resample = (values: Float64Array) =>
    sortSample(values.map(() => values[Math.floor(random() * values.length)] ?? 0))
  const draws = Array.from({ length: 200 }, () => {
    const [before, after] = [resample(direct), resample(proxy)]
    return TRUTHS.map(([, of]) => of(after) - of(before))
  })
  for (const [index, [name]] of TRUTHS.entries()) {
    const sorted = sortSample(draws.map((draw) => draw[index] ?? 0))
    count(tallies[name], quantile(sorted, 0.025) ?? 0, quantile(sorted, 0.975) ?? 0, truth[name])
  }
}

const percent = ({ held, given }: Tally) =>
  given === 0 ? 'n/a' : `${((100 * held) / given).toFixed(1)}%`

const results = REGIMES.map((regime) => measureRegime(regime))
const table = results.flatMap(({ regime, ours, naive }) => [
  [regime, 'rounds, jackknife', ...ESTIMATORS.map((name) => percent(ours[name]))],
  [regime, 'sequential, bootstrap', ...ESTIMATORS.map((name) => percent(naive[name]))],
])
process.stdout.write(
  `## Coverage of nominal 95% intervals (${RUNS} simulated runs of 10 rounds x 100 requests a side)\n` +
    `${markdownTable(['upstream', 'method', ...ESTIMATORS], table)}\n`,
)
mkdirSync('bench/results', { recursive: true })
writeFileSync(flags['output-json'], `${JSON.stringify({ runs: RUNS, results }, undefined, 1)}\n`)
const worst = Math.min(
  ...results.flatMap(({ ours }) => ESTIMATORS.map((name) => ours[name].held / ours[name].given)),
)
process.stdout.write(`worst of ours: ${(100 * worst).toFixed(1)}%\n`)
