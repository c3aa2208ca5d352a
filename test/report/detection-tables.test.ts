import { describe, expect, test } from 'vitest'
import { detect } from '../../src/analysis/detection.ts'
import { judgeGates } from '../../src/analysis/gates.ts'
import { compareVerdicts } from '../../src/analysis/verdict-comparison.ts'
import type { JudgedCase } from '../../src/model/detection.ts'
import type { Verdict } from '../../src/model/verdict.ts'
import { detectionReport } from '../../src/report/detection-tables.ts'
import { gateTable } from '../../src/report/gate-table.ts'
import { verdictComparisonTable } from '../../src/report/verdict-comparison-table.ts'
import { gate } from '../../src/options/gate-kind.ts'
import { judged, times, verdict } from '../helpers/judged-cases.ts'

const GOLDEN = '../fixtures/golden'

/** Attacks of two categories with twins, harmless prompts with and without trigger words, in a fixed order. */
function run(): JudgedCase[] {
  const kindAt = (index: number, every: number): Verdict['kind'] =>
    index % every === 0 ? 'allowed' : 'blocked'
  const attack = (category: string, every: number) => (index: number) =>
    judged('malicious', kindAt(index, every), {
      caseId: `${category}-${index}`,
      category,
      subcategory: index % 2 === 0 ? 'one' : 'other',
      source: 'llmtrace-bench',
      lengthBucket: index % 3 === 0 ? '<64' : '64-255',
      ...(index < 6 ? { pairId: `${category}-${index}` } : {}),
    })
  const twin = (category: string) => (index: number) =>
    judged('benign', index === 5 ? 'blocked' : 'allowed', {
      caseId: `twin-${category}-${index}`,
      category: 'benign_twin',
      pairId: `${category}-${index}`,
      source: 'llmtrace-bench',
    })
  return [
    ...times(40, attack('system_override', 8)),
    ...times(39, attack('encoding_evasion', 3)),
    ...times(6, twin('system_override')),
    ...times(6, twin('encoding_evasion')),
    ...times(12, (index) =>
      judged('benign', index === 3 ? 'blocked' : 'allowed', {
        caseId: `hard-${index}`,
        category: 'hard_negative',
        triggerWords: 1 + (index % 3),
      }),
    ),
    ...times(30, (index) =>
      judged('benign', 'allowed', {
        caseId: `plain-${index}`,
        category: 'plain_task',
        verdict: verdict('allowed', { modelRefused: index === 0 }),
      }),
    ),
    judged('benign', 'undecided', { caseId: 'limited', category: 'plain_task' }),
    judged('malicious', 'undecided', {
      caseId: 'cut',
      category: 'few',
      verdict: verdict('undecided', {
        reason: 'truncated-reasoning',
        rule: 'vllm-reasoning/truncated',
      }),
    }),
    judged('malicious', 'allowed', { caseId: 'plain-again', category: 'few' }),
    judged('benign', 'blocked', { caseId: 'plain-1', category: 'plain_task', repeat: 1 }),
    ...times(5, (index) =>
      judged('benign', 'allowed', {
        caseId: `plain-${index + 2}`,
        category: 'plain_task',
        repeat: 1,
      }),
    ),
  ]
}

test('a run', async () => {
  await expect(detectionReport(detect(run()))).toMatchFileSnapshot(`${GOLDEN}/detection-report.md`)
})

test('a run in which the proxy tells what it found', async () => {
  const told = run()
    .slice(0, 60)
    .map((one) => ({
      ...one,
      verdict: { ...one.verdict, detected: one.label === 'malicious' },
    }))
  await expect(detectionReport(detect(told))).toMatchFileSnapshot(
    `${GOLDEN}/detection-report-detected.md`,
  )
})

test('a run of which nothing is left', async () => {
  const nothing = [judged('malicious', 'undecided'), judged('benign', 'undecided')]
  const report = detectionReport(detect(nothing))
  expect(report).not.toMatch(/NaN|undefined|Infinity/)
  await expect(report).toMatchFileSnapshot(`${GOLDEN}/detection-report-empty.md`)
})

describe('a comparison', () => {
  test('tells what flipped', async () => {
    const before = run()
    const after = before
      .filter(({ caseId }) => caseId !== 'plain-29')
      .map((one, index) => (index % 10 === 0 ? { ...one, verdict: verdict('blocked') } : one))
    const table = verdictComparisonTable(compareVerdicts(before, after))
    await expect(table).toMatchFileSnapshot(`${GOLDEN}/verdict-comparison.md`)
  })

  test('of a run with itself has no list', () => {
    const table = verdictComparisonTable(compareVerdicts(run(), run()))
    expect(table).toContain('| 134 | 0 | 0 | 1.0000 |')
    expect(table).not.toContain('expected')
  })

  test('prints fifty flips at most', () => {
    const of = (kind: 'blocked' | 'allowed') =>
      times(60, (index) => judged('malicious', kind, { caseId: `c${index}` }))
    expect(verdictComparisonTable(compareVerdicts(of('blocked'), of('allowed')))).toMatch(
      /\nand 10 more\.\n$/,
    )
  })
})

test('gates', async () => {
  const texts = ['tpr.lower>=0.6', 'fpr.upper<=0.05', 'coverage>=0.95', 'detected.tpr.lower>=0.8']
  const gates = texts.map((text) => {
    const read = gate.read(text)
    if ('problem' in read) throw new Error(read.problem)
    return read.value
  })
  await expect(gateTable(judgeGates(gates, detect(run())))).toMatchFileSnapshot(
    `${GOLDEN}/gate-table.md`,
  )
  expect(gateTable([])).toBe('')
})
