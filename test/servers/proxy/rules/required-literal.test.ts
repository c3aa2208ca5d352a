import { describe, expect, it } from 'vitest'
import { readRules } from '../../../../src/servers/proxy/rules/read-rules.ts'
import { requiredLiteral } from '../../../../src/servers/proxy/rules/required-literal.ts'

describe('the text that every match of an expression holds', () => {
  it.each([
    ['</tool_result>', '</tool_result>'],
    [String.raw`"System(?:_prompt|_message)?"\s{0,3}:`, '"system'],
    [String.raw`(?:^|\n)\s{0,8}-?\s?role:\s{0,3}["']?(?:system|developer)\b`, 'role:'],
    [String.raw`<!--\s?end of \w{1,20} section`, ' section'],
    [String.raw`\[system\]`, '[system]'],
  ])('of %s is %s', (source, literal) => {
    expect(requiredLiteral(source)).toBe(literal)
  })

  it.each([
    ['alternatives', 'ignore|forget'],
    ['groups within groups', 'print (?:it (?:all|now))'],
    ['a character that may be missing', 'abc?'],
    ['a class', '[system]'],
    ['a property of characters', String.raw`\p{Script=Latin}abc`],
    ['a number of a character', String.raw`abc\u0041`],
    ['too few characters', 'ab'],
  ])('is not told of %s', (_, source) => {
    expect(requiredLiteral(source)).toBeUndefined()
  })

  it('is in all that the shipped rules say they match by an expression', async () => {
    const { rules } = await readRules([])
    const wrong = rules.flatMap(({ tests, patterns }) =>
      tests.match.flatMap((text) =>
        patterns
          .filter(({ expression }) => expression.test(text))
          .map(({ source }) => requiredLiteral(source) ?? '')
          .filter((literal) => !text.toLowerCase().includes(literal)),
      ),
    )
    expect(wrong).toEqual([])
  })
})
