import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { probeHead, probeRow, shorten } from '../../src/report/probe-table.ts'

const OPTIONS = { showPrompt: true, previewChars: 90 }
const ROW = {
  caseId: 'baseline-ok',
  attempt: 1,
  status: 200,
  blocked: 'False',
  expected: 'allow',
  latencyMs: 3490.6,
  prompt: 'Return a one-word response',
  preview: 'OK',
  endpoint: undefined,
}

describe('the probe table is the specification’s', () => {
  test('its head', () => {
    expect(probeHead(OPTIONS, false)).toBe(
      'Case                     Try  HTTP   Blocked?  Expected  Latency(ms)  Prompt                     Preview\n' +
        `${'-'.repeat(120)}\n`,
    )
  })

  test('its rows', () => {
    expect(probeRow(ROW, OPTIONS)).toBe(
      'baseline-ok              1    200    False     allow        3490.6    Return a one-word response  OK\n',
    )
    const attack = {
      ...ROW,
      caseId: 'inj-001',
      blocked: 'True',
      expected: 'block',
      latencyMs: 8626.6,
      prompt: 'Ignore all previous...',
      preview: '[reasoning-only response] ...',
    }
    expect(probeRow(attack, OPTIONS)).toBe(
      'inj-001                  1    200    True      block        8626.6    Ignore all previous...      [reasoning-only response] ...\n',
    )
  })

  test('without the prompt, and where nothing is decided or answered', () => {
    const silent = { ...ROW, status: undefined, blocked: '', preview: '' }
    expect(probeRow(silent, { ...OPTIONS, showPrompt: false })).toBe(
      'baseline-ok              1    -                allow        3490.6\n',
    )
  })
})

test('whatever a model says, a row is one line without control characters', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 60 }), (text, limit) => {
      const short = shorten(text, limit)
      expect(Array.from(short).length).toBeLessThanOrEqual(limit)
      expect(short).not.toMatch(/[\n\r\p{Cc}]/u)
    }),
  )
})
