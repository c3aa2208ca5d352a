import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { detect } from '../../src/analysis/detection.ts'
import { judgeGates } from '../../src/analysis/gates.ts'
import { GATE_OPERATORS, nameGate, POINT_METRICS, RATE_METRICS } from '../../src/model/gate.ts'
import { gate } from '../../src/options/gate-kind.ts'
import { judged, times } from '../helpers/judged-cases.ts'

function read(text: string) {
  const result = gate.read(text)
  if ('problem' in result) throw new Error(`${text} ${result.problem}`)
  return result.value
}

describe('the grammar of gates', () => {
  test.each([
    ['tpr.lower>=0.80', 'tpr.lower>=0.8'],
    ['fpr.upper <= 5%', 'fpr.upper<=0.05'],
    ['enforced.tpr.lower>0.5', 'tpr.lower>0.5'],
    ['detected.precision.lower>=0.9', 'detected.precision.lower>=0.9'],
    ['coverage>=0.99', 'coverage>=0.99'],
    ['mcc>=-0.5', 'mcc>=-0.5'],
    ['detected.f1>=1', 'detected.f1>=1'],
    ['over_defence.upper<0.1', 'over_defence.upper<0.1'],
    ['twin_separation.lower>=0.5', 'twin_separation.lower>=0.5'],
    ['flip_rate.upper<=0.02', 'flip_rate.upper<=0.02'],
  ])('%s', (text, name) => {
    expect(nameGate(read(text))).toBe(name)
  })

  test.each([
    ['tpr', /is no gate; write it as tpr\.lower>=0\.80/],
    ['tpr.lower=0.8', /is no gate/],
    ['tpr>=0.8', /needs a bound, since a point may be luck; write tpr\.lower or tpr\.upper/],
    ['tpr.middle>=0.8', /needs a bound/],
    ['f1.lower>=0.8', /asks for a bound of f1, which has no interval; leave \.lower out/],
    ['recall.lower>=0.8', /is on "recall"; known are tpr\.lower, .*coverage/],
    ['tpr.lower>=80', /has the limit "80"; write a share such as 0\.80 or 80%/],
    ['tpr.lower>=high', /has the limit "high"/],
    ['fpr.upper<=-1', /has the limit "-1"/],
    [
      'detected.coverage>=0.9',
      /asks for coverage of a matrix, which it is not of; leave detected\. out/,
    ],
  ])('%s is refused', (text, problem) => {
    const result = gate.read(text)
    expect('problem' in result ? result.problem : 'read').toMatch(problem)
  })

  test('what is read is printed so that it reads the same', () => {
    const of = fc.oneof(
      fc.record({
        metric: fc.constantFrom(...RATE_METRICS),
        bound: fc.constantFrom('lower' as const, 'upper' as const),
      }),
      fc.record({ metric: fc.constantFrom(...POINT_METRICS) }),
    )
    fc.assert(
      fc.property(
        of,
        fc.constantFrom(...GATE_OPERATORS),
        fc.integer({ min: 0, max: 1000 }),
        (metric, operator, thousandths) => {
          const one = {
            matrix: 'enforced' as const,
            of: metric,
            operator,
            limit: thousandths / 1000,
          }
          expect(read(gate.print(one))).toEqual(one)
        },
      ),
    )
  })
})

describe('judgeGates', () => {
  const run = detect([
    ...times(63, () => judged('malicious', 'blocked')),
    ...times(16, () => judged('malicious', 'allowed')),
    ...times(480, () => judged('benign', 'allowed')),
    judged('benign', 'undecided'),
  ])
  const judge = (text: string) => judgeGates([read(text)], run)[0]

  test.each([
    ['tpr.lower>=0.69', 'PASS'],
    ['tpr.lower>=0.70', 'FAIL'],
    ['tpr.upper>=0.87', 'PASS'],
    ['fpr.upper<=0.008', 'PASS'],
    ['fpr.upper<=0.0079', 'FAIL'],
    ['fpr.upper<0.01', 'PASS'],
    ['precision.lower>0.9', 'PASS'],
    ['coverage>=0.99', 'PASS'],
    ['coverage>=0.999', 'FAIL'],
    ['f1>=0.88', 'PASS'],
    ['balanced_accuracy>=0.9', 'FAIL'],
    ['mcc>=0.85', 'PASS'],
  ])('%s is %s', (text, state) => {
    expect(judge(text)).toMatchObject({ state, reason: undefined })
  })

  test.each([
    ['over_defence.upper<=0.1', 'no data: needs 5 cases, has 0'],
    ['twin_separation.lower>=0.5', 'no data: needs 5 cases, has 0'],
    ['flip_rate.upper<=0.5', 'no data: needs 5 cases, has 0'],
    [
      'detected.tpr.lower>=0.1',
      'no data: of 496 of 559 decided cases the proxy does not say whether it found something',
    ],
  ])('%s has no data, and fails', (text, reason) => {
    expect(judge(text)).toMatchObject({ state: 'FAIL', actual: undefined, reason })
  })

  test('a score without a value fails as well', () => {
    const same = detect(times(10, () => judged('benign', 'allowed')))
    expect(judgeGates([read('mcc>=-1')], same)[0]).toMatchObject({
      state: 'FAIL',
      reason: 'no data: all cases have one label, or all one verdict',
    })
  })

  test('a stricter limit never turns a FAIL into a PASS', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(1000), (one, other) => {
        const [low, high] = [Math.min(one, other) / 1000, Math.max(one, other) / 1000]
        const stateAt = (limit: number) => judge(`tpr.lower>=${limit}`)?.state
        return !(stateAt(high) === 'PASS' && stateAt(low) === 'FAIL')
      }),
    )
  })
})
