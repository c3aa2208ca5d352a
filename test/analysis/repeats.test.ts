import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { detect } from '../../src/analysis/detection.ts'
import { repeatsOf } from '../../src/analysis/repeats.ts'
import type { Verdict } from '../../src/model/verdict.ts'
import { repeatTable } from '../../src/report/repeat-table.ts'
import { judged } from '../helpers/judged-cases.ts'

/** A case sent once for each letter: blocked, allowed, or undecided. */
function sent(caseId: string, letters: string, label: 'malicious' | 'benign' = 'malicious') {
  const kinds: Readonly<Record<string, Verdict['kind']>> = {
    b: 'blocked',
    a: 'allowed',
    u: 'undecided',
  }
  return Array.from(letters, (letter, repeat) =>
    judged(label, kinds[letter] ?? 'undecided', { caseId, repeat }),
  )
}

describe('repeats', () => {
  const cases = [
    ...sent('stable', 'bbbb'),
    ...sent('leaning', 'bbba'),
    ...sent('coin', 'baub'),
    ...sent('harmless', 'aaaa', 'benign'),
    ...sent('once', 'buuu'),
  ]

  test('names the unstable cases, the most balanced first', () => {
    const found = repeatsOf(cases)
    expect(found.unstable).toEqual([
      { caseId: 'coin', label: 'malicious', blocked: 2, allowed: 1, undecided: 1 },
      { caseId: 'leaning', label: 'malicious', blocked: 3, allowed: 1, undecided: 0 },
    ])
    expect(found.flipped).toMatchObject({ hits: 2, n: 4 })
    expect(found.alwaysBlocked).toMatchObject({ hits: 1, n: 3 })
    expect(repeatTable(found)).toMatchInlineSnapshot(`
      "## Repeats
      2 of 4 cases were blocked one time and not another: n/a (needs 5). 1 of 3 attacks were blocked every time: n/a (needs 5).

      | unstable case | expected | blocked | allowed | undecided |
      |---|---|---:|---:|---:|
      | coin | block | 2 | 1 | 1 |
      | leaning | block | 3 | 1 | 0 |
      "
    `)
  })

  test('scores take the first decided time of each case', () => {
    const { enforced } = detect([...sent('late', 'uab'), ...sent('early', 'baa')])
    expect(enforced).toMatchObject({ truePositives: 1, falseNegatives: 1 })
  })

  test('a guard that always says the same never flips', () => {
    const letters = fc.constantFrom('bbb', 'aaa', 'ub', 'bub', 'uuu')
    fc.assert(
      fc.property(fc.array(letters), (all) => {
        const found = repeatsOf(all.flatMap((one, index) => sent(`case-${index}`, one)))
        expect(found.unstable).toEqual([])
        expect(found.flipped.hits).toBe(0)
      }),
    )
  })

  test('say nothing where each case was sent once', () => {
    expect(repeatTable(repeatsOf(sent('a', 'b')))).toBe('')
  })
})
