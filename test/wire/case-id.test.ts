import fc from 'fast-check'
import { expect, test } from 'vitest'
import { caseIdValue } from '../../src/wire/case-id.ts'
import { assertHeader } from '../../src/wire/http-request.ts'

const SEND = { caseId: 'inj-1', run: 'r', endpoint: 'proxy', caseIndex: 3, repeat: 1, attempt: 2 }

test('names the case first, then what makes it unique', () => {
  expect(caseIdValue(SEND)).toBe('inj-1;run=r;case=3;endpoint=proxy;repeat=1;attempt=2')
})

test('is a header of bounded length whatever the id is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (caseId) => {
      const value = caseIdValue({ ...SEND, caseId })
      assertHeader('X-LLMTrace-Bench-Case', value)
      expect(value.length).toBeLessThan(300)
    }),
  )
  expect(caseIdValue({ ...SEND, caseId: '\uD800' })).toContain('%EF%BF%BD')
})

test('differs for every request of a run', () => {
  const turns = [
    SEND,
    { ...SEND, run: 'other' },
    { ...SEND, endpoint: 'direct' },
    { ...SEND, caseIndex: 4 },
    { ...SEND, repeat: 2 },
    { ...SEND, attempt: 1 },
  ]
  expect(new Set(turns.map((turn) => caseIdValue(turn))).size).toBe(turns.length)
})
