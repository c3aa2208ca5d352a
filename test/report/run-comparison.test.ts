import { parse } from 'csv-parse/sync'
import { describe, expect, test } from 'vitest'
import { compareRuns } from '../../src/analysis/compare-runs.ts'
import { historyOf } from '../../src/analysis/run-history.ts'
import { RUN_METRICS } from '../../src/model/run-numbers.ts'
import { alignedRows } from '../../src/report/aligned-table.ts'
import { runComparisonCsv } from '../../src/report/run-comparison-csv.ts'
import { runComparisonMarkdown, runComparisonText } from '../../src/report/run-comparison-report.ts'
import { runHistoryCsv } from '../../src/report/run-history-csv.ts'
import { runHistoryMarkdown, runHistoryText } from '../../src/report/run-history-report.ts'
import { sparkline } from '../../src/report/sparkline.ts'
import { buildRunComparison } from '../../src/results/run-comparison-json.ts'
import { buildRunHistory } from '../../src/results/run-history-json.ts'
import { noisyRecord, noisyRun } from '../helpers/noisy-runs.ts'

const GOLDEN = '../fixtures/golden'
const TOOL = { name: 'llmtrace-bench', version: '0.0.0' } as const

const at = (day: number) => ({ startedAt: `2026-01-0${day}T00:00:00.000Z` })

const RUNS = [
  noisyRun('old.run', { seed: 1, given: at(1) }),
  noisyRun('new.run', { seed: 2, proxyMs: 30, given: at(2) }),
  noisyRun('few.run', { seed: 3, rounds: 2, each: 15, given: { ...at(3), partial: true } }),
]

const comparison = compareRuns(RUNS, { metrics: RUN_METRICS, allowed: [], failOnRegression: 0.05 })

describe('a comparison', () => {
  test('as text', async () => {
    await expect(runComparisonText(comparison)).toMatchFileSnapshot(`${GOLDEN}/run-comparison.txt`)
  })

  test('as Markdown', async () => {
    await expect(runComparisonMarkdown(comparison)).toMatchFileSnapshot(
      `${GOLDEN}/run-comparison.md`,
    )
  })

  test('as CSV, a row a number of a run', () => {
    const rows: Record<string, string>[] = parse(runComparisonCsv(comparison), { columns: true })
    expect(rows).toHaveLength(comparison.numbers.length * RUNS.length)
    const row = rows.find(
      ({ endpoint, metric, run, overhead_over: over }) =>
        endpoint === 'proxy' && metric === 'mean' && run === 'new.run' && over === '',
    )
    expect(row).toMatchObject({ decided: 'slower', change_scale: 'share', absent: '' })
    expect(Number(row?.['change_low'])).toBeGreaterThan(0.1)
  })

  test('as JSON, with a reason where there is no number', () => {
    const built = buildRunComparison(TOOL, comparison)
    expect(built).toMatchObject({ comparison_version: 1, tool: TOOL, regression: { limit: 0.05 } })
    const mean = built.numbers.find(
      ({ endpoint, metric, overhead_over: over }) =>
        endpoint === 'proxy' && metric === 'mean' && over === undefined,
    )
    expect(mean?.runs[1]?.change).toMatchObject({ scale: 'share', decided: 'slower' })
    expect(mean?.runs[2]).toMatchObject({ absent: 'need >= 4 rounds' })
    const text = JSON.stringify(built)
    expect(text).not.toMatch(/null|NaN/)
  })

  test.each([
    [30, 0.05, 'FAIL: slower by more: mean of proxy at concurrency 1; mean of proxy - direct at'],
    [25, 0.5, 'PASS: 3 numbers.'],
  ])('says how it was judged: proxy at %d ms, limit %d', (proxyMs, limit, told) => {
    const judged = compareRuns([RUNS[0]!, noisyRun('x', { seed: 2, proxyMs })], {
      metrics: ['mean'],
      allowed: [],
      failOnRegression: limit,
    })
    expect(runComparisonText(judged)).toContain(`--fail-on-regression ${limit * 100}: ${told}`)
  })
})

describe('a history', () => {
  const spec = { ...noisyRecord({ seed: 1 }).spec, model: 'other' }
  const runs = [
    noisyRun('c.run', { seed: 4, proxyMs: 30, given: at(4) }),
    noisyRun('b.run', { seed: 5, proxyMs: 30, given: at(3) }),
    noisyRun('a.run', { seed: 6, given: at(2) }),
    noisyRun('d.run', { seed: 7, given: { ...at(5), spec } }),
    noisyRun('e.run', { seed: 8, rounds: 2, given: { ...at(6), spec, partial: true } }),
  ]
  const unreadable = [{ name: 'notes.md', reason: 'is neither a run file nor JSON' }]
  const history = historyOf(runs, unreadable, { metrics: ['p50', 'p95'], allowed: [] })
  const seriesOf = (endpoint: string, overhead: boolean) =>
    history.series.find(
      (one) =>
        one.endpoint === endpoint &&
        one.metric === 'p50' &&
        (one.baseline !== undefined) === overhead,
    )

  test('is in order of time, and marks what changed', () => {
    expect(history.runs.map(({ name }) => name)).toEqual([
      'a.run',
      'b.run',
      'c.run',
      'd.run',
      'e.run',
    ])
    const points = seriesOf('proxy', false)?.points ?? []
    expect(points.map(({ change }) => change?.decided)).toEqual([
      undefined,
      'slower',
      'undecided',
      undefined,
      undefined,
    ])
    const overhead = seriesOf('proxy', true)?.points ?? []
    expect(overhead.map(({ change }) => change?.decided)).toEqual([
      undefined,
      'slower',
      'undecided',
      undefined,
      undefined,
    ])
  })

  test('compares no runs that measured different things, unless it is permitted', () => {
    expect(seriesOf('proxy', false)?.points[3]?.broken).toEqual(['model'])
    const permitted = historyOf(runs, [], { metrics: ['p50'], allowed: ['model'] })
    expect(permitted.series[0]?.points.flatMap(({ broken }) => broken)).toEqual([])
  })

  test('as text', async () => {
    await expect(runHistoryText(history)).toMatchFileSnapshot(`${GOLDEN}/run-history.txt`)
  })

  test('as Markdown', async () => {
    await expect(runHistoryMarkdown(history)).toMatchFileSnapshot(`${GOLDEN}/run-history.md`)
  })

  test('as CSV and JSON', () => {
    const rows: Record<string, string>[] = parse(runHistoryCsv(history), { columns: true })
    expect(rows).toHaveLength(history.series.length * runs.length)
    expect(rows.map((row) => row['decided'])).toContain('slower')
    expect(rows.map((row) => row['not_compared'])).toContain('model')
    const built = buildRunHistory(TOOL, history)
    expect(built).toMatchObject({ history_version: 1, unreadable })
    expect(built.series[0]?.points[3]).toMatchObject({ run: 3, not_compared: ['model'] })
  })
})

test.each([
  [[1, 2, 3.1], '▁▄█'],
  [[5, 5], '██'],
  // A hundredth more is no jump.
  [[100, 101], '██'],
  [[-3, 0, 1], '▁▇█'],
  [[0, 0], '▁▁'],
  [[1, undefined, 2], '▁ █'],
  [[undefined], ' '],
  [[], ''],
])('sparkline %j', (values, bars) => {
  expect(sparkline(values)).toBe(bars)
})

test('columns are as wide as their cells, and headings widen none', () => {
  expect(alignedRows([['', 'A'], ['a long heading'], ['x', '± 1'], ['yy', '2']])).toBe(
    '    A\na long heading\nx   ± 1\nyy  2\n',
  )
  expect(alignedRows([])).toBe('')
})
