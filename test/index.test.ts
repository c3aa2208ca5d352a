import { expect, expectTypeOf, test } from 'vitest'
import {
  classify,
  compareVerdicts,
  detect,
  type Detection,
  type Gate,
  type GateVerdict,
  judgeCase,
  type JudgedCase,
  judgeGates,
  type Knowledge,
  parseUserRule,
  type Reply,
  type Verdict,
  type VerdictComparison,
} from '../src/index.ts'

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
