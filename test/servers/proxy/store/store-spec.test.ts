import { describe, expect, test } from 'vitest'
import { parseStoreSpec, withoutSecrets } from '../../../../src/servers/proxy/store/store-spec.ts'

describe('a store as it is written', () => {
  test.each([
    ['none', { kind: 'none' }],
    ['memory', { kind: 'memory' }],
    ['file:./a b.db', { kind: 'file', path: './a b.db' }],
    ['postgres://u:p@h:5432/d', { kind: 'postgres', url: 'postgres://u:p@h:5432/d' }],
    [
      'postgresql://h/d?sslmode=require',
      { kind: 'postgres', url: 'postgresql://h/d?sslmode=require' },
    ],
  ])('%s', (text, spec) => {
    expect(parseStoreSpec(text)).toEqual(spec)
  })

  test.each([
    '',
    'file:',
    'sqlite:x',
    'postgres://',
    'postgres://u:secret@h',
    'mysql://u:secret@h/d',
  ])('%j is none, and is not repeated', (text) => {
    expect(() => parseStoreSpec(text)).toThrow(RangeError)
    expect(() => parseStoreSpec(text)).not.toThrow('secret')
  })
})

describe('a message about a database', () => {
  const spec = parseStoreSpec('postgres://u:p%40ss-word@h/d')

  test.each([
    ['cannot reach postgres://u:p%40ss-word@h/d', 'cannot reach (not shown)'],
    ['wrong password p@ss-word', 'wrong password (not shown)'],
    ['ECONNREFUSED 127.0.0.1:5432', 'ECONNREFUSED 127.0.0.1:5432'],
  ])('%s', (message, shown) => {
    expect(withoutSecrets(message, spec)).toBe(shown)
  })

  test('of another kind stays as it is', () => {
    expect(withoutSecrets('disk full', { kind: 'file', path: 'x' })).toBe('disk full')
  })
})
