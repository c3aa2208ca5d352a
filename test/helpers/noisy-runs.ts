import { analyse } from '../../src/analysis/analyse.ts'
import { numbersOfRun } from '../../src/analysis/run-numbers.ts'
import { summarize } from '../../src/analysis/summarize.ts'
import { savedRunOf } from '../../src/formats/saved-run.ts'
import type { RunNumbers } from '../../src/model/run-numbers.ts'
import type { RunRecord } from '../../src/model/run-record.ts'
import { createRandom } from '../../src/stats/random.ts'
import { buildMeasurement, type Row, roundRows } from './measurement-builder.ts'
import { buildRecord } from './settings.ts'

export interface NoisyRun {
  readonly seed: number
  readonly directMs?: number
  readonly proxyMs?: number
  readonly rounds?: number
  /** Requests a round. */
  readonly each?: number
  /** Standard deviation of what a round adds to all its requests, ms. */
  readonly roundNoiseMs?: number
  readonly given?: Partial<RunRecord>
}

/** Direct against proxy with noise of rounds and of requests: seeded, so each time the same. */
export function noisyRecord({
  seed,
  directMs = 20,
  proxyMs = 25,
  rounds = 10,
  each = 40,
  roundNoiseMs = 0.2,
  given = {},
}: NoisyRun): RunRecord {
  const random = createRandom(`noisy/${seed}`)
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const rowsOf = (ms: number): Row[] => {
    const shifts = Array.from({ length: rounds }, () => roundNoiseMs * normal())
    return roundRows(rounds, each, (round) => ms + (shifts[round] ?? 0) + Math.abs(normal()))
  }
  return buildRecord(
    [
      buildMeasurement(rowsOf(directMs), { endpoint: 'direct' }),
      buildMeasurement(rowsOf(proxyMs), { endpoint: 'proxy' }),
    ],
    given,
  )
}

/** The same, reduced to what comparing takes. */
export function noisyRun(name: string, run: NoisyRun): RunNumbers {
  const record = noisyRecord(run)
  const numbers = numbersOfRun(analyse(record), record.measurements)
  return { name, facts: savedRunOf(record).facts, numbers, blocks: [] }
}

/** Only the direct side of it: an overhead takes longer to compute than all else. */
export function noisyArm(run: NoisyRun): RunNumbers {
  const record = noisyRecord(run)
  const measurements = record.measurements.slice(0, 1)
  const summaries = measurements.map((one) => summarize(one))
  const facts = { ...savedRunOf({ ...record, measurements: [] }).facts }
  const numbers = numbersOfRun({ summaries, overheads: [] }, measurements)
  return { name: 'x', facts, numbers, blocks: [] }
}
