import { expect, test } from 'vitest'
import { replay } from '../../src/analysis/replay.ts'
import { replayReport } from '../../src/report/replay-report.ts'
import { steppedPairs } from '../helpers/stepped-pairs.ts'

const GOLDEN = '../fixtures/golden'

test('one regime: overhead, paired differences, and that no change was found', async () => {
  const pairs = steppedPairs({ count: 1200, added: [70, 70], spread: 30 })
  const text = replayReport('pairs.csv', replay({ ...pairs, leftOut: 3 }, 10))
  expect(text).toContain('| metric | direct | proxy | delta | 95% CI | ratio | detectable |')
  await expect(text).toMatchFileSnapshot(`${GOLDEN}/replay-one-regime.md`)
})

test('several regimes: each of them, and no number over all', async () => {
  const pairs = steppedPairs({ count: 600, changesAt: 241, added: [14_385, -412] })
  const text = replayReport('pairs.csv', replay(pairs, 10))
  expect(text).toContain('| mean | n/a | n/a | n/a | n/a | n/a | n/a |')
  expect(text).toContain('A pooled mean over several regimes is no number')
  await expect(text).toMatchFileSnapshot(`${GOLDEN}/replay-several-regimes.md`)
})

test('too few pairs to look for a change', async () => {
  const text = replayReport('pairs.csv', replay(steppedPairs({ count: 12, added: [1, 1] }), 10))
  expect(text).toContain('Change of regime: n/a: ')
  await expect(text).toMatchFileSnapshot(`${GOLDEN}/replay-few-pairs.md`)
})
