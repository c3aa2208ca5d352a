import { describe, expect, test } from 'vitest'
import { compareMeasurements } from '../../src/analysis/overhead.ts'
import { analyse } from '../../src/analysis/analyse.ts'
import { summarize } from '../../src/analysis/summarize.ts'
import { measured, unmeasured } from '../../src/model/estimate.ts'
import { calibrationTable } from '../../src/report/calibration-table.ts'
import { failureLines, warningLines } from '../../src/report/doubts.ts'
import { formatDelta, formatEstimate } from '../../src/report/format.ts'
import { overheadTable, statsTable } from '../../src/report/load-tables.ts'
import { markdownTable } from '../../src/report/markdown-table.ts'
import { preamble } from '../../src/report/preamble.ts'
import { runReport } from '../../src/report/run-report.ts'
import { buildMeasurement, okRows, roundRows } from '../helpers/measurement-builder.ts'
import { buildRecord, PLAIN_SETTINGS } from '../helpers/settings.ts'

const GOLDEN = '../fixtures/golden'
const LEVEL = { concurrency: 2 }
const directRun = buildMeasurement(
  roundRows(4, 60, (round, sequence) => 10 + round + (sequence % 5)),
  { endpoint: 'direct', level: LEVEL },
)
const proxyRun = buildMeasurement(
  [
    ...roundRows(4, 60, (round, sequence) => 15 + round + (sequence % 7)),
    { outcome: 'timed-out', round: 3, sequence: 240 },
  ],
  { endpoint: 'proxy', level: LEVEL },
)
const direct = summarize(directRun)
const proxy = summarize(proxyRun)
const dead = buildMeasurement([{ outcome: 'refused' }, { outcome: 'throttled', status: 429 }], {
  errorExamples: [
    { outcome: 'refused', status: undefined, message: 'connect ECONNREFUSED 127.0.0.1:9' },
    { outcome: 'throttled', status: 429, message: '' },
  ],
})

test('the stats table is the specification’s', async () => {
  const table = statsTable('Results (concurrency=2)', [direct, proxy, summarize(dead)])
  expect(table.split('\n').slice(0, 3)).toEqual([
    '## Results (concurrency=2)',
    '| endpoint | conc | req | ok | err | ok_rps | mean | p50 | p95 | p99 | max |',
    '|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|',
  ])
  await expect(table).toMatchFileSnapshot(`${GOLDEN}/stats-table.md`)
})

test('the overhead table is the specification’s', async () => {
  const table = overheadTable(compareMeasurements(directRun, proxyRun, { order: 'rounds' }))
  expect(table.split('\n').slice(0, 3)).toEqual([
    '## Estimated Overhead (proxy - direct)',
    '| metric | direct | proxy | delta | 95% CI | ratio | detectable |',
    '|---|---:|---:|---:|---:|---:|---:|',
  ])
  await expect(table).toMatchFileSnapshot(`${GOLDEN}/overhead-table.md`)
})

test('a dead endpoint shows n/a, never 0', async () => {
  const table = overheadTable(
    compareMeasurements(directRun, { ...dead, endpoint: 'proxy' }, { order: 'sequential' }),
  )
  expect(table).toMatch(/\| p95 \| 16\.0ms \| n\/a \| n\/a \| n\/a \|/)
  await expect(table).toMatchFileSnapshot(`${GOLDEN}/overhead-table-dead.md`)
})

test('failures and warnings are told after the tables', async () => {
  const warning = {
    code: 'errors',
    message: 'direct at concurrency 2: 5 of 9 requests failed',
    advice: 'lower it',
  } as const
  const text =
    failureLines([direct, summarize(dead)], [buildMeasurement(okRows([1])), dead]) +
    warningLines([warning])
  await expect(text).toMatchFileSnapshot(`${GOLDEN}/doubts.txt`)
})

test('what was injected stands beside what was measured', async () => {
  const overhead = compareMeasurements(directRun, proxyRun, { order: 'rounds' })
  await expect(calibrationTable(5, [overhead])).toMatchFileSnapshot(
    `${GOLDEN}/calibration-table.md`,
  )
})

test('the preamble tells targets, model and whether there is a token', async () => {
  const record = buildRecord([])
  const levels = [{ concurrency: 1 }, { concurrency: 2 }]
  const two = preamble({ ...record, hasToken: false, plan: { ...record.plan, levels } }, undefined)
  const one = preamble(
    {
      ...record,
      agentId: 'laptop',
      plan: {
        ...record.plan,
        endpoints: record.plan.endpoints.slice(0, 1),
        levels: [{ concurrency: 128, rate: 20 }],
      },
    },
    '12 of 20 from a.json',
  )
  await expect(one + two).toMatchFileSnapshot(`${GOLDEN}/preamble.txt`)
})

test('what goes beyond the specification is printed after its tables', async () => {
  const control = buildMeasurement(
    roundRows(4, 60, (round, sequence) => 10 + round + ((sequence * 3) % 5)),
    { endpoint: 'direct-again', level: LEVEL },
  )
  const record = buildRecord([directRun, proxyRun, control], {
    settings: {
      ...PLAIN_SETTINGS,
      pValues: true,
      slo: { e2eMs: 18 },
      budgets: {
        maxOverhead: [
          { metric: 'mean', limit: { ms: 5.7 } },
          { metric: 'p50', limit: { share: 0.9 } },
        ],
        maxErrorRate: 0.05,
        minOkRps: 1000,
      },
    },
  })
  const endpoints = [
    ...record.plan.endpoints,
    { name: 'direct-again', url: 'http://a/', baseline: false, control: true },
  ]
  const result = analyse({ ...record, plan: { ...record.plan, endpoints } })
  const text = runReport(result, record.measurements, record.settings)
  await expect(text).toMatchFileSnapshot(`${GOLDEN}/run-report.md`)
})

test('an open loop has a table of its own', async () => {
  const run = buildMeasurement(
    okRows([20, 21, 25, 60]).map((row) => ({ ...row, lagMs: 0.25 })),
    { level: { concurrency: 8, rate: 12.5 }, heldBack: 1 },
  )
  const result = analyse({
    plan: { endpoints: [{ name: 'target', url: 'http://a/', baseline: true }], order: 'rounds' },
    settings: PLAIN_SETTINGS,
    measurements: [run],
  })
  await expect(runReport(result, [run], PLAIN_SETTINGS)).toMatchFileSnapshot(
    `${GOLDEN}/open-loop-report.md`,
  )
})

describe('format', () => {
  test.each([
    [12.345, 'ms', '12.3ms', '+12.3ms'],
    [-12.345, 'ms', '-12.3ms', '-12.3ms'],
    [-0.01, 'ms', '0.0ms', '0.0ms'],
    [0.01, 'ms', '0.0ms', '0.0ms'],
    [1.23456, 'rps', '1.235', '+1.235'],
    [0.0125, 'ratio', '1.25%', '+1.25%'],
    [0, 'ratio', '0.00%', '0.00%'],
    [1000, 'ms', '1000.0ms', '+1000.0ms'],
  ] as const)('%d %s', (value, unit, plain, delta) => {
    expect(formatEstimate(measured(value), unit)).toBe(plain)
    expect(formatDelta(measured(value), unit)).toBe(delta)
  })

  test('absent is n/a', () => {
    expect(formatEstimate(unmeasured('x'), 'ms')).toBe('n/a')
    expect(formatDelta(unmeasured('x'), 'ms')).toBe('n/a')
  })
})

test('cells cannot break a table', () => {
  expect(markdownTable(['a', 'b'], [['x|y', 'line\r\nbreak']])).toBe(
    '| a | b |\n|---|---:|\n| x\\|y | line break |',
  )
})
