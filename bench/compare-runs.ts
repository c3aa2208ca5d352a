import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { changeOf } from '../src/analysis/compare-runs.ts'
import { compareMeasurements } from '../src/analysis/overhead.ts'
import { numbersOfRun } from '../src/analysis/run-numbers.ts'
import { summarize } from '../src/analysis/summarize.ts'
import type { RunNumber } from '../src/model/run-numbers.ts'
import { markdownTable } from '../src/report/markdown-table.ts'
import { createTraceparents } from '../src/schedule/trace-ids.ts'
import { createRandom } from '../src/stats/random.ts'
import { REGIMES, type Regime, simulateRun } from './coverage/simulated-run.ts'

/**
 * How often two runs of the same thing are told apart, which is 5 of 100 where the intervals are as they say; and what a
 * `traceparent` costs the client.
 */

const { values: flags } = parseArgs({
  options: {
    pairs: { type: 'string', default: '500' },
    'output-json': { type: 'string', default: 'bench/results/compare-runs.json' },
  },
})
const PAIRS = Number(flags.pairs)
const METRICS = ['mean', 'p50', 'p95', 'p99', 'ok_rps'] as const

function numbersOf(regime: Regime, key: string): RunNumber[] {
  const [direct, proxy] = simulateRun(regime, 'rounds', createRandom(key))
  const summaries = [summarize(direct), summarize(proxy)]
  const overheads = [compareMeasurements(direct, proxy, { order: 'rounds' })]
  return numbersOfRun({ summaries, overheads }, [direct, proxy])
}

/** By metric, of the proxy's latency and of its overhead: the share of pairs that were decided. */
function falseAlarms(regime: Regime) {
  const decided = new Map<string, number>()
  for (let pair = 0; pair < PAIRS; pair += 1) {
    const before = numbersOf(regime, `${regime.name}/${pair}/before`)
    const after = numbersOf(regime, `${regime.name}/${pair}/after`)
    for (const [index, number] of before.entries()) {
      const other = after[index]
      if (other === undefined || number.endpoint !== 'proxy') continue
      const { decided: told } = changeOf(number, other)
      const key = `${number.baseline === undefined ? 'latency' : 'overhead'} ${number.metric}`
      const counts = told === 'slower' || told === 'faster'
      decided.set(key, (decided.get(key) ?? 0) + (counts ? 1 : 0))
    }
  }
  return Object.fromEntries([...decided].map(([key, count]) => [key, count / PAIRS]))
}

const percent = (share: number | undefined) =>
  share === undefined ? 'n/a' : `${(share * 100).toFixed(1)} %`

const alarms = REGIMES.map((regime) => ({ regime: regime.name, ...falseAlarms(regime) }))
for (const what of ['latency', 'overhead'] as const) {
  const metrics = METRICS.filter((metric) => what === 'latency' || metric !== 'ok_rps')
  const rows = alarms.map((one) => [
    one.regime,
    ...metrics.map((metric) =>
      percent((one as Record<string, unknown>)[`${what} ${metric}`] as number),
    ),
  ])
  console.log(`Two runs of the same, told apart by the proxy's ${what} (${PAIRS} pairs)`)
  console.log(`${markdownTable(['regime', ...metrics], rows)}\n`)
}

const MANY = 1_000_000
const BYTES = 700

/** CPU time in ns of one id, and of one copy of a request that it is written into; the best of five. */
function traceparentCost() {
  const of = createTraceparents({ traceKey: 'bench', endpoint: 'proxy', levelIndex: 0 })
  const request = Buffer.alloc(BYTES)
  const best = { id: Infinity, copy: Infinity }
  let kept = 0
  for (let round = 0; round < 5; round += 1) {
    let before = process.cpuUsage()
    for (let index = 0; index < MANY; index += 1) kept += of(index).length
    best.id = Math.min(best.id, (process.cpuUsage(before).user * 1000) / MANY)
    before = process.cpuUsage()
    for (let index = 0; index < MANY; index += 1) {
      const bytes = Buffer.allocUnsafe(BYTES)
      request.copy(bytes)
      kept += bytes.write('00-', 100, 'latin1')
    }
    best.copy = Math.min(best.copy, (process.cpuUsage(before).user * 1000) / MANY)
  }
  if (kept === 0) throw new Error('nothing was done')
  return best
}

const cost = traceparentCost()
console.log(
  `A traceparent: ${cost.id.toFixed(0)} ns for the ids, ${cost.copy.toFixed(0)} ns for a copy of ${BYTES} bytes`,
)
mkdirSync(dirname(flags['output-json']), { recursive: true })
writeFileSync(
  flags['output-json'],
  `${JSON.stringify({ pairs: PAIRS, alarms, cost }, undefined, 1)}\n`,
)
