import { describe, expect, test } from 'vitest'
import { listAt, numberAt, parseJson, recordAt, textAt, valueAt } from '../../src/wire/json.ts'

describe('paths', () => {
  const value = { a: [{ b: 'x', n: 1 }], c: null }

  test('lead to what is there', () => {
    expect(valueAt(value, 'a', 0, 'b')).toBe('x')
    expect(textAt(value, 'a', 0, 'b')).toBe('x')
    expect(numberAt(value, 'a', 0, 'n')).toBe(1)
    expect(listAt(value, 'a')).toHaveLength(1)
    expect(recordAt(value, 'a', 0)).toEqual({ b: 'x', n: 1 })
    expect(valueAt(value, 'c')).toBeNull()
  })

  test('end where nothing is, or something else', () => {
    expect(valueAt(value, 'a', 1, 'b')).toBeUndefined()
    expect(valueAt(value, 'c', 'd')).toBeUndefined()
    expect(textAt(value, 'a')).toBe('')
    expect(numberAt(value, 'a')).toBeUndefined()
    expect(listAt(value, 'c')).toEqual([])
    expect(recordAt(value, 'a')).toBeUndefined()
  })

  test('do not lead to what every object inherits', () => {
    expect(valueAt({}, 'constructor', 'name')).toBeUndefined()
    expect(valueAt(parseJson('{"__proto__": {"blocked": true}}'), 'blocked')).toBeUndefined()
    expect(valueAt('text', 'length')).toBeUndefined()
  })
})

test('what is no JSON is undefined', () => {
  expect(parseJson('{')).toBeUndefined()
  expect(parseJson('null')).toBeNull()
})
