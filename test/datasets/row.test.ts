import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { contentKey, contentLength, contentText } from '../../src/datasets/content.ts'
import { type CheckedRow, rowProblem, toPrompt, toRow } from '../../src/datasets/row.ts'

const ROW: CheckedRow = { id: 'a', text: 'one', label: 'benign' }

describe('rowProblem', () => {
  test.each([
    [5, 'not an object'],
    [null, 'not an object'],
    [[ROW], 'not an object'],
    [{ text: 't', label: 'benign' }, 'id is missing'],
    [{ ...ROW, id: '' }, 'id is missing'],
    [{ id: 'x', label: 'benign' }, 'text is missing or empty'],
    [{ ...ROW, text: '' }, 'text is missing or empty'],
    [{ ...ROW, label: 'evil' }, 'label is "evil"'],
    [{ id: 'x', text: 't' }, 'label is missing'],
    [{ ...ROW, messages: 'hi' }, 'messages is not a list of objects that each have a role'],
    [{ ...ROW, messages: [] }, 'messages is not a list of objects that each have a role'],
    [{ ...ROW, messages: [{ content: 'x' }] }, /^messages is not/],
  ])('of %j', (row, problem) => {
    expect(rowProblem(row)).toMatch(problem)
  })

  test('none where id, text and label are good, whatever else there is', () => {
    expect(rowProblem(ROW)).toBeUndefined()
    expect(rowProblem({ ...ROW, id: 7, category: 3, other: null })).toBeUndefined()
    expect(rowProblem({ ...ROW, messages: [{ role: 'user', content: 'x' }] })).toBeUndefined()
  })
})

describe('toPrompt', () => {
  test('knows its fields and keeps the others', () => {
    const messages = [{ role: 'assistant', content: null, tool_calls: [{ id: 't' }] }]
    const prompt = toPrompt({
      ...ROW,
      id: 7,
      pairId: 'p',
      owasp: ['LLM01:2025'],
      messages,
      expect: 'redact',
      metadata: { plain: 'x' },
      difficulty: 'hard',
      notes: [1],
    })
    expect(prompt).toEqual({
      id: '7',
      text: 'one',
      label: 'benign',
      pairId: 'p',
      owasp: ['LLM01:2025'],
      messages,
      expect: 'redact',
      metadata: { plain: 'x' },
      // A known name with another type is not ours.
      extra: { difficulty: 'hard', notes: [1] },
    })
  })

  test('a row named like a part of every object does no harm', () => {
    const row = JSON.parse(
      '{"id":"a","text":"t","label":"benign","__proto__":{"x":1},"toString":2}',
    )
    const prompt = toPrompt(row as CheckedRow)
    expect(Object.getPrototypeOf(prompt.extra)).toBe(Object.prototype)
    expect(JSON.stringify(toRow(prompt))).toContain('"toString":2')
  })

  test('rows survive being read, written and read', () => {
    const row = fc.record(
      {
        id: fc.string({ minLength: 1 }),
        text: fc.string({ minLength: 1 }),
        label: fc.constantFrom('benign' as const, 'malicious' as const),
        category: fc.oneof(fc.string(), fc.integer()),
        difficulty: fc.oneof(fc.integer(), fc.string()),
        metadata: fc.dictionary(fc.string(), fc.string()),
        expect: fc.jsonValue(),
        other: fc.jsonValue(),
      },
      { requiredKeys: ['id', 'text', 'label'] },
    )
    fc.assert(
      fc.property(row, (given) => {
        const prompt = toPrompt(given)
        expect(toRow(prompt)).toEqual(given)
        expect(toPrompt(toRow(prompt) as CheckedRow)).toEqual(prompt)
      }),
    )
  })
})

describe('content', () => {
  const conversation = {
    text: 'about',
    messages: [
      { role: 'system', content: 'four' },
      { role: 'user', content: [{ type: 'text', text: 'fives' }, { type: 'image_url' }] },
      { role: 'assistant', content: null, tool_calls: [] },
    ],
  }

  test('is the messages where there are any, else the text', () => {
    expect([contentLength(conversation), contentLength({ text: 'about' })]).toEqual([9, 5])
    expect(contentText(conversation)).toBe('four\nfives\n')
    expect(contentKey({ text: 'about' })).toBe('about')
  })

  test('is another one where only a tool answers differently', () => {
    const other = { text: 'about', messages: [{ role: 'tool', content: 'x' }] }
    expect(contentKey(other)).not.toBe(contentKey(conversation))
  })
})
