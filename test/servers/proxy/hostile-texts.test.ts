import { describe, expect, test } from 'vitest'
import { hostileTexts, plainScanMs, timeOf } from '../../../bench/detection/hostile.ts'
import { analyseText } from '../../../src/servers/proxy/analyse-text.ts'
import { allPatterns } from '../../../src/servers/proxy/patterns.ts'
import { readRules } from '../../../src/servers/proxy/rules/read-rules.ts'

const rules = await readRules([])
const LENGTH = 20_000
/** A quadratic expression takes thousands of times as long, an exponential one does not end. */
const MOST_TIMES = 600

const plain = Math.max(0.02, plainScanMs('a'.repeat(LENGTH), 50))

describe('no text makes an expression slow', () => {
  test.each(allPatterns(rules).map((one) => [one.name, one] as const))('%s', (_, one) => {
    const slow = hostileTexts(one, LENGTH, 60).filter((text) => {
      const limit = plain * MOST_TIMES
      // Once more, and again, where somebody else had the machine.
      return timeOf(one.pattern, text, 1) > limit && timeOf(one.pattern, text, 5) > limit
    })
    expect(slow.map((text) => text.slice(0, 40))).toEqual([])
  })
})

test('an analysis of hostile words comes to an end in time that grows with the text', () => {
  const words = 'ignore show tell the your you all previous instructions print act as if no'.split(
    ' ',
  )
  const time = (text: string) => {
    let least = Number.POSITIVE_INFINITY
    for (let attempt = 0; attempt < 4; attempt += 1) {
      const startedAt = performance.now()
      const steps = analyseText({ text, role: 'user', answer: false }, rules)
      let step = steps.next()
      while (step.done !== true) step = steps.next()
      least = Math.min(least, performance.now() - startedAt)
    }
    return least
  }
  const cost = (length: number) =>
    Math.max(...words.map((word) => time(`${word} `.repeat(length / (word.length + 1)))))
  cost(8000)
  expect(cost(64_000)).toBeLessThan(40 * Math.max(0.2, cost(8000)))
})
