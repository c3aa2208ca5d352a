import { describe, expect, test } from 'vitest'
import {
  compareRuns,
  FORMAT_NAMES,
  formatRun,
  gaugesOf,
  historyOf,
  numbersOf,
  parseSavedRun,
  RUN_METRICS,
  runComparisonMarkdown,
  runHistoryText,
  savedRunOf,
  traitDifferences,
} from '../src/index.ts'
import { noisyRecord } from './helpers/noisy-runs.ts'

/** What the command line does with saved runs, by the public names alone. */
describe('the library', () => {
  const [old, recent] = [20, 30].map((proxyMs, seed) =>
    savedRunOf(
      noisyRecord({ seed, proxyMs, given: { startedAt: `2026-01-0${seed + 1}T00:00:00.000Z` } }),
    ),
  )
  if (old === undefined || recent === undefined) throw new Error('two runs')
  const runs = [numbersOf('old', old), numbersOf('new', recent)]

  test('compares runs', () => {
    expect(traitDifferences(old.facts, recent.facts)).toEqual([])
    const comparison = compareRuns(runs, {
      metrics: RUN_METRICS,
      allowed: [],
      failOnRegression: 0.1,
    })
    expect(comparison.regression?.verdicts.map(({ state }) => state)).toContain('FAIL')
    expect(runComparisonMarkdown(comparison)).toContain('proxy at concurrency 1')
  })

  test('has a history', () => {
    const history = historyOf(runs, [], { metrics: ['p50'], allowed: [] })
    expect(runHistoryText(history)).toContain('slower')
  })

  test('writes every format, and reads a result file back', async () => {
    expect(FORMAT_NAMES).toContain('json')
    const stored = parseSavedRun('old.json', Buffer.from(await formatRun(old, 'json')))
    expect(await formatRun(stored, 'csv')).toBe(await formatRun(old, 'csv'))
    expect(gaugesOf(stored)).toEqual(gaugesOf(old))
  })
})
