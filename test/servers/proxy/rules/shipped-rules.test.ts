import { beforeAll, describe, expect, test } from 'vitest'
import { readRules } from '../../../../src/servers/proxy/rules/read-rules.ts'
import type { Rule } from '../../../../src/servers/proxy/rules/rule.ts'
import { foldText } from '../../../../src/servers/proxy/text/fold-text.ts'
import { Tokenizer } from '../../../../src/servers/proxy/text/tokens.ts'

const rules = await readRules([])
let tokenizer: Tokenizer
beforeAll(() => {
  tokenizer = new Tokenizer(rules.lexicon)
})

function matches(rule: Rule, text: string): boolean {
  const [role = 'user'] = rule.roles
  const tokens = tokenizer.tokenize(foldText(text).text)
  return rules.scan(tokens, role).some((hit) => hit.rule.id === rule.id)
}

describe('the shipped rules', () => {
  test('are enough to speak of', () => {
    expect(rules.rules.length).toBeGreaterThan(35)
  })

  describe.each(rules.rules.map((rule) => [rule.id, rule] as const))('%s', (_, rule) => {
    test.each(rule.tests.match)('matches: %s', (text) => {
      expect(matches(rule, text)).toBe(true)
    })

    test.each(rule.tests.ignore)('passes over: %s', (text) => {
      expect(matches(rule, text)).toBe(false)
    })
  })
})
