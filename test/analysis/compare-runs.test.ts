import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareRuns, type CompareRunsOptions } from '../../src/analysis/compare-runs.ts'
import { numbersOf } from '../../src/formats/run-numbers.ts'
import { savedRunOf } from '../../src/formats/saved-run.ts'
import { RUN_METRICS, type RunMetric } from '../../src/model/run-numbers.ts'
import type { RunComparison } from '../../src/model/run-comparison.ts'
import { buildMeasurement, okRows, roundRows } from '../helpers/measurement-builder.ts'
import { noisyArm, noisyRecord, noisyRun } from '../helpers/noisy-runs.ts'
import { storedRun } from '../helpers/saved-runs.ts'
import { buildRecord } from '../helpers/settings.ts'

const PLAIN: CompareRunsOptions = { metrics: RUN_METRICS, allowed: [], failOnRegression: undefined }

function cellOf({ numbers }: RunComparison, endpoint: string, metric: RunMetric, overhead = false) {
  const row = numbers.find(
    (one) =>
      one.endpoint === endpoint &&
      one.metric === metric &&
      (one.baseline !== undefined) === overhead,
  )
  const cell = row?.cells[1]
  if (cell?.change === undefined) throw new Error(`no ${metric} of ${endpoint}`)
  return { ...cell, change: cell.change }
}

describe('a change', () => {
  const before = noisyRun('a', { seed: 1 })
  const after = noisyRun('b', { seed: 2, proxyMs: 30 })
  const comparison = compareRuns([before, after], PLAIN)

  test('is found where there is one, with the truth inside its interval', () => {
    const { change } = cellOf(comparison, 'proxy', 'mean')
    // 30 and 25 ms plus the mean of |normal|, 0.798.
    const truth = 30.798 / 25.798 - 1
    expect(change).toMatchObject({ scale: 'share', decided: 'slower' })
    expect(change.interval.value?.low).toBeLessThan(truth)
    expect(change.interval.value?.high).toBeGreaterThan(truth)
  })

  test('is not decided where there is none', () => {
    expect(cellOf(comparison, 'direct', 'mean').change.decided).toBe('undecided')
  })

  test('of the overhead is in ms', () => {
    const { change } = cellOf(comparison, 'proxy', 'p50', true)
    expect(change).toMatchObject({ scale: 'difference', decided: 'slower' })
    expect(change.interval.value?.low).toBeLessThan(5)
    expect(change.interval.value?.high).toBeGreaterThan(5)
  })

  test('turned round is the other way', () => {
    const back = compareRuns([after, before], PLAIN)
    expect(cellOf(back, 'proxy', 'mean').change.decided).toBe('faster')
  })

  test('of a throughput that falls is a slowdown', () => {
    const failing = (every: number) =>
      roundRows(10, 40, () => 20).map((row, index) =>
        index % every === 0 ? { ...row, outcome: 'http-error' as const, status: 500 } : row,
      )
    const [one, other] = [100, 2].map((every) =>
      numbersOf('x', savedRunOf(buildRecord([buildMeasurement(failing(every))]))),
    )
    if (one === undefined || other === undefined) throw new Error('two runs')
    expect(cellOf(compareRuns([one, other], PLAIN), 'target', 'ok_rps').change.decided).toBe(
      'slower',
    )
  })

  test('has a geometric mean over the endpoints', () => {
    const mean = comparison.means.find(({ metric }) => metric === 'mean')
    const [one, other] = ['direct', 'proxy'].map((name) => cellOf(comparison, name, 'mean').change)
    const shares = [one?.delta.value ?? 0, other?.delta.value ?? 0]
    const product = shares.reduce((sum, share) => sum * (1 + share), 1)
    expect(mean?.count).toBe(2)
    expect(mean?.cells[1]?.share).toBeCloseTo(Math.sqrt(product) - 1, 9)
  })
})

test('with no difference some 5 of 100 comparisons are decided', () => {
  const pairs = 300
  let decided = 0
  for (let pair = 0; pair < pairs; pair += 1) {
    const runs = [0, 1].map((side) => noisyArm({ seed: 1000 + 2 * pair + side, each: 20 }))
    const { change } = cellOf(compareRuns(runs, { ...PLAIN, metrics: ['p50'] }), 'direct', 'p50')
    if (change.decided !== 'undecided') decided += 1
  }
  // 15 are expected, with a standard deviation of 4.
  expect(decided).toBeGreaterThan(2)
  expect(decided).toBeLessThan(30)
})

test('a run against itself has changed in nothing', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1e6 }),
      fc.integer({ min: 1, max: 12 }),
      (seed, rounds) => {
        const run = noisyRun('x', { seed, rounds, each: 12 })
        const { numbers } = compareRuns([run, run], PLAIN)
        expect(numbers.length).toBeGreaterThan(0)
        for (const { change } of numbers.flatMap(({ cells }) => cells.slice(1))) {
          expect(change?.delta.value ?? 0).toBe(0)
          expect(['undecided', undefined]).toContain(change?.decided)
        }
      },
    ),
    { numRuns: 40 },
  )
})

describe('what there are no numbers for', () => {
  test('too few rounds', () => {
    const run = noisyRun('x', { seed: 1, rounds: 3, each: 100 })
    const { halfWidth, change } = cellOf(compareRuns([run, run], PLAIN), 'proxy', 'mean')
    expect(halfWidth.reason).toBe('need >= 4 rounds')
    expect(change).toMatchObject({ decided: undefined })
  })

  test('too few requests for a percentile', () => {
    const run = noisyRun('x', { seed: 1 })
    const { value } = cellOf(compareRuns([run, run], PLAIN), 'proxy', 'p99')
    expect(value.reason).toBe('need >= 1000 ok requests')
  })
})

describe('an endpoint measured in one piece', () => {
  const alone = (latencyMs: number) =>
    savedRunOf(
      buildRecord([
        buildMeasurement(
          okRows(Array.from({ length: 400 }, (_, index) => latencyMs + (index % 7))),
        ),
      ]),
    )

  test('is cut into blocks of consecutive requests', () => {
    const runs = [numbersOf('a', alone(20)), numbersOf('b', alone(25))]
    const { halfWidth, change } = cellOf(compareRuns(runs, PLAIN), 'target', 'mean')
    expect(halfWidth.value).toBeGreaterThan(0)
    expect(change.decided).toBe('slower')
    expect(cellOf(compareRuns(runs, PLAIN), 'target', 'ok_rps').halfWidth.value).toBeDefined()
  })

  test('unless it has too few of them', () => {
    const few = numbersOf('a', savedRunOf(buildRecord([buildMeasurement(okRows([20, 21, 22]))])))
    const { halfWidth } = cellOf(compareRuns([few, few], PLAIN), 'target', 'mean')
    expect(halfWidth.reason).toBe('need >= 40 ok requests')
  })
})

describe('a result file', () => {
  const records = [noisyRecord({ seed: 1 }), noisyRecord({ seed: 2, proxyMs: 26 })]
  const fromRuns = compareRuns(
    records.map((record) => numbersOf('x', savedRunOf(record))),
    PLAIN,
  )
  const fromResults = compareRuns(
    records.map((record) => numbersOf('x', storedRun(record))),
    PLAIN,
  )

  test.each(['mean', 'p50', 'p95'] as const)(
    'has the same %s, its interval from the order of its latencies',
    (metric) => {
      const one = cellOf(fromRuns, 'proxy', metric)
      const other = cellOf(fromResults, 'proxy', metric)
      expect(other.value.value).toBeCloseTo(one.value.value ?? 0, 3)
      // Nothing failed, so blocks of equal length are just the rounds.
      expect(other.halfWidth.value).toBeCloseTo(one.halfWidth.value ?? 0, 2)
      expect(other.change.decided).toBe(one.change.decided)
    },
  )

  test('has the same overhead, its error from the interval', () => {
    const one = cellOf(fromRuns, 'proxy', 'p50', true)
    const other = cellOf(fromResults, 'proxy', 'p50', true)
    expect(other.halfWidth.value).toBeCloseTo(one.halfWidth.value ?? 0, 3)
  })

  test('has no times for an interval of the throughput', () => {
    const { value, halfWidth } = cellOf(fromResults, 'proxy', 'ok_rps')
    expect(value.value).toBeGreaterThan(0)
    expect(halfWidth.reason).toBe('a result file has no times')
  })
})

describe('notes', () => {
  const first = noisyRun('a.run', { seed: 1 })
  const second = noisyRun('b.run', {
    seed: 2,
    given: {
      partial: true,
      node: 'v22',
      spec: { ...noisyRecord({ seed: 1 }).spec, model: 'other' },
    },
  })

  test('say that runs were not interleaved, what differs, and what is missing', () => {
    const without = { ...second, numbers: second.numbers.filter(({ baseline }) => !baseline) }
    const { notes } = compareRuns([first, without], { ...PLAIN, allowed: ['model'] })
    expect(notes).toEqual([
      "Runs were not interleaved: a difference may be the machine's, and the intervals do not know of it.",
      'model differs, as --allow-different permits: "m" in a.run, "other" in b.run.',
      'a.run and b.run differ in node v20 and v22.',
      'b.run is partial: it was stopped early.',
      'Only in a.run: proxy - direct at concurrency 1.',
    ])
  })
})

test('what was blocked is told, since blocks are quick', () => {
  const [one, other] = [0, 7].map((blocked, index) => {
    const run = noisyRun(`${index}.run`, { seed: index })
    const at = { endpoint: 'proxy', level: { concurrency: 1 } }
    return { ...run, blocks: [{ ...at, blocked, requests: 400 }] }
  })
  if (one === undefined || other === undefined) throw new Error('two runs')
  const told = 'Blocked, proxy at concurrency 1: 0 of 400 in 0.run, 7 of 400 in 1.run.'
  expect(compareRuns([one, other], PLAIN).notes.join('\n')).toContain(told)
  expect(compareRuns([one, one], PLAIN).notes.join('\n')).not.toContain('Blocked')
})

describe('--fail-on-regression', () => {
  const before = noisyRun('a', { seed: 1 })
  const judge = (proxyMs: number, limit: number, metrics: readonly RunMetric[] = ['mean']) => {
    const runs = [before, noisyRun('b', { seed: 2, proxyMs })]
    const { regression } = compareRuns(runs, { ...PLAIN, metrics, failOnRegression: limit })
    return Object.fromEntries(
      (regression?.verdicts ?? []).map((one) => [
        `${one.endpoint}${one.baseline === undefined ? '' : ' overhead'} ${one.metric}`,
        one.state,
      ]),
    )
  }

  test.each([
    [30, 0.05, { proxy: 'FAIL', overhead: 'FAIL' }],
    [25, 0.2, { proxy: 'PASS', overhead: 'PASS' }],
    // 20 % of an overhead of 5 ms is 1 ms, 20 % of the latency 5 ms.
    [27, 0.2, { proxy: 'PASS', overhead: 'FAIL' }],
  ])('proxy at %d ms, limit %d', (proxyMs, limit, { proxy, overhead }) => {
    expect(judge(proxyMs, limit)).toEqual({
      'direct mean': 'PASS',
      'proxy mean': proxy,
      'proxy overhead mean': overhead,
    })
  })

  test('is open where the interval holds the limit, or there is none', () => {
    expect(judge(25.8, 0.031)['proxy mean']).toBe('INCONCLUSIVE')
    expect(judge(30, 0.05, ['p99'])['proxy p99']).toBe('INCONCLUSIVE')
  })

  test('of less than nothing there is no share', () => {
    const negative = before.numbers.map((one) =>
      one.baseline === undefined ? one : { ...one, value: { value: -2 } },
    )
    const { regression } = compareRuns(
      [
        { ...before, numbers: negative },
        { ...before, numbers: negative },
      ],
      { ...PLAIN, metrics: ['mean'], failOnRegression: 0.5 },
    )
    const overhead = regression?.verdicts.find(({ baseline }) => baseline !== undefined)
    expect(overhead?.state).toBe('INCONCLUSIVE')
  })
})
