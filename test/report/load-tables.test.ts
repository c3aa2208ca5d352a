import { describe, expect, test } from 'vitest'
import { compareSummaries } from '../../src/analysis/overhead.ts'
import { summarize } from '../../src/analysis/summarize.ts'
import { measured, unmeasured } from '../../src/model/estimate.ts'
import { calibrationTable } from '../../src/report/calibration-table.ts'
import { failureLines, warningLines } from '../../src/report/doubts.ts'
import { formatDelta, formatEstimate } from '../../src/report/format.ts'
import { overheadTable, statsTable } from '../../src/report/load-tables.ts'
import { markdownTable } from '../../src/report/markdown-table.ts'
import { preamble } from '../../src/report/preamble.ts'
import { buildMeasurement, okRows } from '../helpers/measurement-builder.ts'

const GOLDEN = '../fixtures/golden'
const direct = summarize(
  buildMeasurement(okRows([10, 12, 11.5, 14]), { endpoint: 'direct', concurrency: 2 }),
)
const proxy = summarize(
  buildMeasurement([...okRows([15, 18.25, 16.5, 20]), { outcome: 'timed-out' }], {
    endpoint: 'proxy',
    concurrency: 2,
  }),
)
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
  const table = overheadTable(compareSummaries(direct, proxy))
  expect(table.split('\n').slice(0, 3)).toEqual([
    '## Estimated Overhead (proxy - direct)',
    '| metric | direct | proxy | delta |',
    '|---|---:|---:|---:|',
  ])
  await expect(table).toMatchFileSnapshot(`${GOLDEN}/overhead-table.md`)
})

test('a dead endpoint shows n/a, never 0', async () => {
  const table = overheadTable(compareSummaries(direct, { ...summarize(dead), endpoint: 'proxy' }))
  expect(table).toMatch(/\| p95 \| 13\.7ms \| n\/a \| n\/a \|/)
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
  await expect(calibrationTable(5, [compareSummaries(direct, proxy)])).toMatchFileSnapshot(
    `${GOLDEN}/calibration-table.md`,
  )
})

test('the preamble tells targets, model and whether there is a token', async () => {
  const run = {
    model: 'm',
    agentId: 'laptop',
    hasToken: true,
    prompts: '12 of 20 from a.json',
    concurrencies: [1, 2],
    requests: 5,
  }
  const one = preamble({ ...run, endpoints: [{ name: 'target', url: 'http://a/' }] })
  const two = preamble({
    ...run,
    agentId: undefined,
    hasToken: false,
    endpoints: [
      { name: 'direct', url: 'http://a/' },
      { name: 'proxy', url: 'http://b/' },
    ],
  })
  await expect(one + two).toMatchFileSnapshot(`${GOLDEN}/preamble.txt`)
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
