import { describe, expect, expectTypeOf, test } from 'vitest'
import {
  classify,
  compareRuns,
  compareVerdicts,
  detect,
  type Detection,
  FORMAT_NAMES,
  formatRun,
  type Gate,
  type GateVerdict,
  gaugesOf,
  historyOf,
  judgeCase,
  type JudgedCase,
  judgeGates,
  type Knowledge,
  numbersOf,
  parseSavedRun,
  parseUserRule,
  type Reply,
  RUN_METRICS,
  runComparisonMarkdown,
  runHistoryText,
  savedRunOf,
  traitDifferences,
  type Verdict,
  type VerdictComparison,
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

test('verdicts and their scores are part of the public API, with their types', () => {
  const reply: Reply = { status: 403, headers: new Map(), body: '{"detail":"no"}' }
  const known: Knowledge = { rules: [parseUserRule('status==403')] }
  const verdict = classify(reply, { model: 'm', prompt: 'x' }, known)
  expectTypeOf(verdict).toEqualTypeOf<Verdict>()
  expect(verdict).toMatchObject({ kind: 'blocked', rule: 'user/status==403' })

  const one = judgeCase({ id: 'a', text: 'x', label: 'malicious' }, verdict)
  expectTypeOf(one).toEqualTypeOf<JudgedCase | undefined>()
  const cases = one === undefined ? [] : [one]
  const detection = detect(cases)
  expectTypeOf(detection).toEqualTypeOf<Detection>()
  expect(detection.enforced.truePositives).toBe(1)

  const gate: Gate = {
    matrix: 'enforced',
    of: { metric: 'coverage' },
    operator: '>=',
    limit: 0.9,
  }
  const judged = judgeGates([gate], detection)
  expectTypeOf(judged).toEqualTypeOf<GateVerdict[]>()
  expect(judged).toMatchObject([{ state: 'FAIL', reason: 'no data: needs 5 cases, has 1' }])

  const comparison = compareVerdicts(cases, cases)
  expectTypeOf(comparison).toEqualTypeOf<VerdictComparison>()
  expect(comparison).toMatchObject({ paired: 1, fixed: 0, broken: 0 })
})
