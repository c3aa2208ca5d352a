import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { detect } from '../../src/analysis/detection.ts'
import { judgeCase } from '../../src/analysis/judged-case.ts'
import { LENGTH_BUCKETS, lengthBucket } from '../../src/analysis/length-bucket.ts'
import { compareVerdicts } from '../../src/analysis/verdict-comparison.ts'
import type { JudgedCase } from '../../src/model/detection.ts'
import { blockedWord, expectedWord } from '../../src/model/verdict.ts'
import { judged, times, verdict } from '../helpers/judged-cases.ts'

const malicious = (blocked: number, allowed: number) => [
  ...times(blocked, () => judged('malicious', 'blocked')),
  ...times(allowed, () => judged('malicious', 'allowed')),
]
const benign = (blocked: number, allowed: number) => [
  ...times(blocked, () => judged('benign', 'blocked')),
  ...times(allowed, () => judged('benign', 'allowed')),
]

describe('scores', () => {
  test('known answers: 63 of 79 attacks blocked, none of 480 harmless prompts', () => {
    const { enforced } = detect([...malicious(63, 16), ...benign(0, 480)])
    expect(enforced).toMatchObject({
      truePositives: 63,
      falseNegatives: 16,
      falsePositives: 0,
      trueNegatives: 480,
    })
    expect(enforced.tpr).toMatchObject({ hits: 63, n: 79 })
    expect(enforced.tpr.value.value).toBeCloseTo(63 / 79, 12)
    expect(enforced.tpr.interval.value?.low).toBeCloseTo(0.696, 3)
    expect(enforced.tpr.interval.value?.high).toBeCloseTo(0.871, 3)
    expect(enforced.fpr).toMatchObject({ hits: 0, n: 480, value: { value: 0 } })
    expect(enforced.fpr.interval.value?.low).toBe(0)
    expect(enforced.fpr.interval.value?.high).toBeCloseTo(0.0079, 4)
    expect(enforced.precision).toMatchObject({ hits: 63, n: 63, value: { value: 1 } })
    expect(enforced.f1.value.value).toBeCloseTo(126 / 142, 12)
    expect(enforced.balancedAccuracy.value.value).toBeCloseTo((63 / 79 + 1) / 2, 12)
  })

  test('Matthews’ correlation of a textbook matrix', () => {
    // TP 90, FN 10, FP 5, TN 95: (90 * 95 - 5 * 10) / sqrt(95 * 100 * 100 * 105) = 0.8510.
    const { enforced } = detect([...malicious(90, 10), ...benign(5, 95)])
    expect(enforced.mcc.value.value).toBeCloseTo(0.851, 3)
    expect(enforced.mcc.n).toBe(200)
  })

  test('below five cases there are counts alone', () => {
    const { enforced } = detect([...malicious(3, 1), ...benign(0, 5)])
    expect(enforced.tpr).toMatchObject({ hits: 3, n: 4, value: { reason: 'needs 5' } })
    expect(enforced.tpr.interval.reason).toBe('needs 5')
    expect(enforced.fpr.value.value).toBe(0)
    expect(enforced.precision.value.value).toBeUndefined()
    expect(enforced.f1.value.value).toBeUndefined()
    expect(enforced.balancedAccuracy.value.value).toBeUndefined()
    expect(enforced.mcc.value.value).toBeDefined()
  })

  test('where all got the same verdict there is no correlation', () => {
    const { enforced } = detect([...malicious(0, 10), ...benign(0, 10)])
    expect(enforced.mcc.value.reason).toBe('all cases have one label, or all one verdict')
    expect(enforced.f1.value.value).toBe(0)
    expect(enforced.precision).toMatchObject({ n: 0, value: { reason: 'needs 5' } })
  })

  test('nothing has no scores', () => {
    const nothing = detect([])
    expect(nothing.enforced.tpr).toMatchObject({ hits: 0, n: 0 })
    expect(nothing.detected.reason).toBe('nothing is decided')
    expect(nothing.coverage.decided.n).toBe(0)
    expect(nothing.breakdowns).toEqual([])
  })

  const outcome = fc.constantFrom('allowed', 'flagged', 'modified', 'blocked', 'undecided' as const)
  const cases = fc.array(
    fc
      .tuple(fc.constantFrom('malicious' as const, 'benign' as const), outcome)
      .map(([label, kind]) => judged(label, kind)),
    { maxLength: 60 },
  )

  test('every case is counted once, shares lie in their intervals, scores in their ranges', () => {
    fc.assert(
      fc.property(cases, (given) => {
        const { enforced, coverage } = detect(given)
        const { truePositives, falsePositives, trueNegatives, falseNegatives } = enforced
        const undecided = coverage.undecided.reduce((sum, one) => sum + one.cases, 0)
        expect(truePositives + falsePositives + trueNegatives + falseNegatives + undecided).toBe(
          given.length,
        )
        for (const { value, interval } of [enforced.tpr, enforced.fpr, enforced.precision]) {
          if (value.value === undefined || interval.value === undefined) continue
          expect(interval.value.low).toBeLessThanOrEqual(value.value)
          expect(interval.value.high).toBeGreaterThanOrEqual(value.value)
        }
        const within = (number: number | undefined, least: number) =>
          number === undefined || (number >= least && number <= 1)
        return (
          within(enforced.f1.value.value, 0) &&
          within(enforced.balancedAccuracy.value.value, 0) &&
          within(enforced.mcc.value.value, -1)
        )
      }),
    )
  })

  test('undecided cases change no score', () => {
    fc.assert(
      fc.property(cases, (given) => {
        const decided = given.filter(({ verdict: { kind } }) => kind !== 'undecided')
        expect(detect(given).enforced).toEqual(detect(decided).enforced)
      }),
    )
  })
})

describe('what counts', () => {
  test('flagged, modified and declined by the model are not blocked', () => {
    const { enforced, modelRefused } = detect([
      judged('malicious', 'flagged'),
      judged('malicious', 'modified'),
      judged('malicious', 'allowed', { verdict: verdict('allowed', { modelRefused: true }) }),
      judged('benign', 'allowed', { verdict: verdict('allowed', { modelRefused: true }) }),
    ])
    expect(enforced).toMatchObject({ truePositives: 0, falseNegatives: 3, trueNegatives: 1 })
    expect(modelRefused).toEqual({ malicious: 1, benign: 1 })
  })

  test('the specification’s words', () => {
    expect(blockedWord(verdict('blocked'))).toBe('True')
    for (const kind of ['allowed', 'flagged', 'modified'] as const) {
      expect(blockedWord(verdict(kind))).toBe('False')
    }
    expect(blockedWord(verdict('undecided'))).toBe('')
    expect(expectedWord('malicious')).toBe('block')
    expect(expectedWord('benign')).toBe('allow')
    expect(expectedWord(undefined)).toBe('')
  })

  test('coverage tells why cases are undecided', () => {
    const { coverage } = detect([
      ...malicious(8, 0),
      judged('benign', 'undecided', { verdict: verdict('undecided', { reason: 'timed-out' }) }),
      ...times(2, () => judged('benign', 'undecided')),
    ])
    expect(coverage.decided).toMatchObject({ hits: 8, n: 11 })
    expect(coverage.undecided).toEqual([
      { reason: 'throttled', cases: 2 },
      { reason: 'timed-out', cases: 1 },
    ])
  })
})

describe('the matrix of what was found', () => {
  const found = (label: JudgedCase['label'], detected: boolean | undefined) =>
    judged(label, 'allowed', { verdict: verdict('allowed', { detected }) })

  test('may be good where nothing was enforced', () => {
    const run = detect([
      ...times(9, () => found('malicious', true)),
      found('malicious', false),
      ...times(10, () => found('benign', false)),
    ])
    expect(run.enforced.tpr.hits).toBe(0)
    expect(run.detected.value).toMatchObject({ truePositives: 9, falseNegatives: 1 })
    expect(run.detected.value?.fpr).toMatchObject({ hits: 0, n: 10 })
  })

  test('is absent where only blocks tell', () => {
    const run = detect([...malicious(10, 10), ...benign(0, 10)])
    expect(run.detected.reason).toBe(
      'of 20 of 30 decided cases the proxy does not say whether it found something',
    )
  })

  test('stands a few cases of which nothing is known', () => {
    const run = detect([...times(99, () => found('benign', false)), found('benign', undefined)])
    expect(run.detected.value?.fpr.n).toBe(99)
  })
})

describe('breakdowns', () => {
  test('the worst bound first, too few cases last', () => {
    const many = (category: string, blocked: number, n: number) =>
      times(n, (index) =>
        judged('malicious', index < blocked ? 'blocked' : 'allowed', { category }),
      )
    const { breakdowns } = detect([
      ...many('good', 20, 20),
      ...many('bad', 5, 20),
      ...many('few', 0, 2),
      ...times(20, () => judged('benign', 'allowed', { category: 'plain' })),
      judged('benign', 'undecided'),
    ])
    const [byCategory] = breakdowns
    expect(byCategory?.dimension).toBe('category')
    expect(byCategory?.slices.map(({ name }) => name)).toEqual([
      'bad',
      'good',
      'plain',
      '(none)',
      'few',
    ])
    expect(byCategory?.slices.find(({ name }) => name === '(none)')).toMatchObject({
      cases: 1,
      undecided: 1,
    })
    expect(breakdowns.some(({ dimension }) => dimension === 'length')).toBe(false)
  })

  test('equal subcategories of two categories are two', () => {
    const { breakdowns } = detect([
      judged('malicious', 'blocked', { category: 'a', subcategory: 'x' }),
      judged('malicious', 'blocked', { category: 'b', subcategory: 'x' }),
    ])
    const slices = breakdowns.find(({ dimension }) => dimension === 'subcategory')?.slices
    expect(slices?.map(({ name }) => name)).toEqual(['a / x', 'b / x'])
  })

  test('lengths by their size', () => {
    const { breakdowns } = detect(
      ['>=16384', '<64', '1024-4095'].map((bucket) =>
        judged('malicious', 'blocked', { lengthBucket: bucket }),
      ),
    )
    const slices = breakdowns.find(({ dimension }) => dimension === 'length')?.slices
    expect(slices?.map(({ name }) => name)).toEqual(['<64', '1024-4095', '>=16384'])
  })

  test.each([
    [0, '<64'],
    [63, '<64'],
    [64, '64-255'],
    [255, '64-255'],
    [256, '256-1023'],
    [1024, '1024-4095'],
    [16_383, '4096-16383'],
    [16_384, '>=16384'],
    [1_000_000, '>=16384'],
  ])('%d characters are %s', (length, bucket) => {
    expect(lengthBucket(length)).toBe(bucket)
    expect(LENGTH_BUCKETS).toContain(bucket)
  })
})

describe('over-defence', () => {
  test('by the number of trigger words', () => {
    const hard = (words: number, blocked: number, n: number) =>
      times(n, (index) =>
        judged('benign', index < blocked ? 'blocked' : 'allowed', { triggerWords: words }),
      )
    const { overDefence } = detect([
      ...hard(2, 3, 10),
      ...hard(1, 1, 10),
      ...benign(5, 5),
      judged('benign', 'undecided', { triggerWords: 1 }),
    ])
    expect(overDefence.blocked).toMatchObject({ hits: 4, n: 20 })
    expect(
      overDefence.byTriggerWords.map(({ words, blocked }) => [words, blocked.hits, blocked.n]),
    ).toEqual([
      [1, 1, 10],
      [2, 3, 10],
    ])
  })
})

describe('twins', () => {
  test('each outcome', () => {
    const pair = (
      pairId: string,
      attack: 'blocked' | 'allowed',
      twin: JudgedCase['verdict']['kind'],
    ) => [judged('malicious', attack, { pairId }), judged('benign', twin, { pairId })]
    const { twins } = detect([
      ...pair('a', 'blocked', 'allowed'),
      ...pair('b', 'blocked', 'flagged'),
      ...pair('c', 'blocked', 'blocked'),
      ...pair('d', 'allowed', 'allowed'),
      ...pair('e', 'allowed', 'blocked'),
      ...pair('f', 'blocked', 'undecided'),
      judged('malicious', 'blocked', { pairId: 'alone' }),
      judged('malicious', 'blocked'),
      judged('benign', 'blocked'),
    ])
    expect(twins).toMatchObject({
      separated: 2,
      blockedBoth: 1,
      allowedBoth: 1,
      inverted: 1,
      undecided: 1,
      separation: { hits: 2, n: 5 },
    })
  })
})

describe('repeats', () => {
  const again = (caseId: string, ...kinds: JudgedCase['verdict']['kind'][]) =>
    kinds.map((kind, repeat) => judged('malicious', kind, { caseId, repeat }))

  test('scores take the first that is decided; flips take all', () => {
    const { cases, enforced, coverage, repeats } = detect([
      ...again('steady', 'blocked', 'blocked', 'blocked'),
      ...again('flipping', 'allowed', 'blocked', 'allowed'),
      ...again('late', 'undecided', 'blocked'),
      ...again('never', 'undecided', 'undecided'),
    ])
    expect(cases).toBe(4)
    expect(enforced).toMatchObject({ truePositives: 2, falseNegatives: 1 })
    expect(coverage.decided).toMatchObject({ hits: 3, n: 4 })
    expect(repeats).toMatchObject({ flipped: { hits: 1, n: 2 }, caseIds: ['flipping'] })
  })
})

describe('two runs', () => {
  const run = (...kinds: JudgedCase['verdict']['kind'][]) =>
    kinds.map((kind, index) =>
      judged(index % 2 === 0 ? 'malicious' : 'benign', kind, { caseId: `c${index}` }),
    )

  test('flips, both ways, and McNemar on them', () => {
    const before = run('allowed', 'blocked', 'blocked', 'allowed', 'allowed', 'undecided')
    const after = run('blocked', 'allowed', 'allowed', 'allowed', 'undecided', 'allowed')
    const comparison = compareVerdicts(before, after)
    expect(comparison).toMatchObject({
      paired: 4,
      onlyBefore: 1,
      onlyAfter: 1,
      fixed: 2,
      broken: 1,
    })
    expect(comparison.p.value).toBeCloseTo(1, 12)
    expect(comparison.flips.map(({ caseId, nowRight }) => [caseId, nowRight])).toEqual([
      ['c2', false],
      ['c0', true],
      ['c1', true],
    ])
  })

  test('six more right and none wrong is p 0.03', () => {
    const kinds = (kind: 'blocked' | 'allowed') =>
      times(6, (index) => judged('malicious', kind, { caseId: `m${index}` }))
    expect(compareVerdicts(kinds('allowed'), kinds('blocked')).p.value).toBeCloseTo(0.03125, 10)
  })

  test('without a case in common there is nothing to say', () => {
    expect(compareVerdicts(run('blocked'), [judged('malicious', 'blocked')]).p.reason).toBe(
      'no case is in both',
    )
  })

  test('flagged for allowed is no flip', () => {
    expect(compareVerdicts(run('allowed'), run('flagged')).flips).toEqual([])
  })
})

describe('judgeCase', () => {
  const prompt = {
    id: 'p1',
    text: 'x'.repeat(70),
    label: 'benign' as const,
    category: 'hard_negative',
    language: 'en',
    metadata: { triggerWords: ['ignore', 'bypass'] },
  }

  test('takes what the dataset says', () => {
    expect(judgeCase(prompt, verdict('allowed'), 2)).toMatchObject({
      caseId: 'p1',
      label: 'benign',
      repeat: 2,
      category: 'hard_negative',
      language: 'en',
      lengthBucket: '64-255',
      triggerWords: 2,
    })
  })

  test('only harmless prompts are hard negatives, and only those with the list', () => {
    expect(
      judgeCase({ ...prompt, label: 'malicious' }, verdict('allowed'))?.triggerWords,
    ).toBeUndefined()
    expect(judgeCase({ ...prompt, metadata: {} }, verdict('allowed'))?.triggerWords).toBeUndefined()
  })

  test('a prompt without a label cannot be scored', () => {
    expect(judgeCase({ id: 'p', text: 'x' }, verdict('allowed'))).toBeUndefined()
  })
})

test('the rules that decided, most used first', () => {
  const by = { rule: 'azure/prompt-filter', by: 'provider' as const }
  const { rules } = detect([
    ...benign(0, 2),
    judged('malicious', 'blocked', { verdict: verdict('blocked', by) }),
  ])
  expect(rules).toEqual([
    { rule: 'answer/complete', kind: 'allowed', by: undefined, cases: 2 },
    { rule: 'azure/prompt-filter', kind: 'blocked', by: 'provider', cases: 1 },
  ])
})

test('a hundred thousand cases of one category are no matter', { timeout: 20_000 }, () => {
  const many = times(100_000, (index) =>
    judged('malicious', 'blocked', { caseId: `c${index}`, category: index % 2 ? 'a' : 'b' }),
  )
  expect(detect(many).enforced.truePositives).toBe(100_000)
})
