import { describe, expect, test } from 'vitest'
import { COMPARE_OPTIONS } from '../../src/options/compare-options.ts'
import { parseCommandLine } from '../../src/options/parse.ts'

const { kind } = COMPARE_OPTIONS.map

describe('--map', () => {
  test.each([
    ['direct=a,proxy=b', { direct: 'a', proxy: 'b' }],
    ['proxy=b.c,direct=a.d', { direct: 'a.d', proxy: 'b.c' }],
    ['proxy=b', { proxy: 'b' }],
    ['direct=x, y=z,proxy=b', { direct: 'x, y=z', proxy: 'b' }],
  ])('%s', (text, map) => {
    expect(kind.read(text)).toEqual({ value: map })
    expect(kind.read(kind.print(map))).toEqual({ value: map })
  })

  test.each([
    ['', 'has the entry ""; write it as direct=COLUMN,proxy=COLUMN'],
    ['a,b', 'has the entry "a,b"'],
    ['direct=,proxy=b', 'has the entry "direct="'],
    ['target=a', 'has the entry "target=a"'],
    ['direct=a,direct=b', 'names direct twice'],
  ])('%j is refused', (text, problem) => {
    expect(kind.read(text)).toMatchObject({ problem: expect.stringContaining(problem) as string })
  })
})

test('every flag of compare has its default', () => {
  expect(parseCommandLine(['compare', '--pairs', 'p.csv'], {})).toEqual({
    command: 'compare',
    options: {
      pairs: 'p.csv',
      map: undefined,
      unit: 'ms',
      rounds: undefined,
      format: 'text',
    },
  })
})
