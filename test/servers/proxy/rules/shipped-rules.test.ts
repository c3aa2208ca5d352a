import { describe, expect, test } from 'vitest'
import { readRules } from '../../../../src/servers/proxy/rules/read-rules.ts'

const rules = await readRules([])

describe('the shipped rules', () => {
  test('are enough to speak of', () => {
    expect(rules.rules.length).toBeGreaterThan(35)
    expect(new Set(rules.rules.map(({ id }) => id)).size).toBe(rules.rules.length)
  })

  test.each(rules.rules.map((rule) => [rule.id, rule] as const))(
    '%s does what it says',
    (_, rule) => {
      expect(rule.tests.match.length).toBeGreaterThan(0)
      expect(rule.tests.ignore.length).toBeGreaterThan(0)
      expect(rules.failedTest(rule)).toBeUndefined()
    },
  )
})
