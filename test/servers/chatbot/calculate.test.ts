import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { calculate } from '../../../src/servers/chatbot/calculate.ts'

describe('calculate', () => {
  test.each([
    ['2 + 3 * 4', 14],
    ['(2 + 3) * 4', 20],
    ['-2 - -3', 1],
    ['10 / 4 / 5', 0.5],
    ['39.90*3', 119.69999999999999],
  ])('%s is %d', (expression, value) => {
    expect(calculate(expression)).toBeCloseTo(value, 10)
  })

  test.each([
    ['', 'a number is missing'],
    ['2 +', 'a number is missing'],
    ['(2', 'a parenthesis is not closed'],
    ['2)', '")" is not expected here'],
    ['2 3', '"3" is not expected here'],
    ['1 / 0', 'the result is not a number'],
    ['process.exit()', 'a number is missing'],
    ['('.repeat(201), 'longer than 200 characters'],
  ])('%s: %s', (expression, reason) => {
    expect(() => calculate(expression)).toThrow(new RangeError(reason))
  })

  test('agrees with the language on what it prints, and takes any text without harm', () => {
    const number = fc.integer({ min: 0, max: 999 }).map(String)
    const { expression } = fc.letrec<{ expression: string; sum: string }>((tie) => ({
      expression: fc.oneof({ depthSize: 'small' }, number, tie('sum')),
      sum: fc
        .tuple(tie('expression'), fc.constantFrom('+', '-', '*'), tie('expression'))
        .map(([left, operator, right]) => `(${left}${operator}${right})`),
    }))
    fc.assert(
      fc.property(expression, (text) => {
        fc.pre(text.length <= 200)
        const expected: unknown = runInNewContext(text)
        expect(calculate(text)).toBe(expected)
      }),
    )
    fc.assert(
      fc.property(fc.string(), (text) => {
        let thrown: unknown
        try {
          calculate(text)
        } catch (error) {
          thrown = error
        }
        expect(thrown === undefined || thrown instanceof RangeError).toBe(true)
      }),
    )
  })
})
