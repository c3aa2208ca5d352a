import { describe, expect, test } from 'vitest'
import { claimsOf } from '../../src/verdict/claims.ts'
import { classify } from '../../src/verdict/classify.ts'
import { readReply } from '../../src/verdict/read-reply.ts'
import { FAMILIES } from '../../src/verdict/signatures/index.ts'
import { readVerdictFixtures, REQUEST } from '../helpers/verdict-fixtures.ts'

const fixtures = readVerdictFixtures()
const rules = FAMILIES.flatMap((family) => family.rules.map((rule) => ({ family, rule })))

describe('a golden reply', () => {
  test.each(fixtures)('$name', ({ reply, request = REQUEST, expected, claims }) => {
    const view = readReply(reply)
    expect(view && claimsOf(view).map(({ rule }) => rule.id)).toEqual(claims)
    const verdict = classify(reply, request)
    expect(verdict).toMatchObject(expected)
    for (const { quote } of verdict.evidence) {
      expect(quote.length).toBeLessThanOrEqual(160)
      expect(quote).not.toMatch(/[\r\n\t]/)
    }
    expect(verdict.evidence.length).toBeGreaterThan(0)
  })
})

describe('the registry', () => {
  test.each(FAMILIES)(
    '$name has replies that it decides and one that it lets be',
    ({ name, rules: own }) => {
      const kinds = fixtures
        .filter(({ family }) => family === name)
        .map(({ expected }) => expected.kind)
      expect(kinds).toContain('allowed')
      // A family that only knows what is no answer blocks nothing.
      const blocks = own.some(({ strength }) => strength !== 'shape')
      expect(kinds).toContain(blocks ? 'blocked' : 'undecided')
    },
  )

  test.each(rules)('$rule.id decides one of its family’s replies', ({ family, rule }) => {
    expect(
      fixtures.filter((one) => one.family === family.name && one.expected.rule === rule.id),
    ).not.toEqual([])
  })

  test('has each name once, and rules under the name of their family', () => {
    const names = FAMILIES.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    const ids = rules.map(({ rule }) => rule.id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(rules.filter(({ family, rule }) => !rule.id.startsWith(`${family.name}/`))).toEqual([])
  })

  test('every folder of replies belongs to a family', () => {
    const known = new Set(['hostile', ...FAMILIES.map(({ name }) => name)])
    expect(fixtures.filter(({ family }) => !known.has(family))).toEqual([])
  })
})
