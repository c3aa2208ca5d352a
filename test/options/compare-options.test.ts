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

const DEFAULTS = {
  metrics: undefined,
  allowDifferent: [],
  failOnRegression: undefined,
  history: undefined,
  pairs: undefined,
  map: undefined,
  unit: 'ms',
  rounds: undefined,
  format: 'text',
}

describe('the task', () => {
  test.each([
    [['--pairs', 'p.csv'], { kind: 'pairs', file: 'p.csv' }, { pairs: 'p.csv' }],
    [['a.run', 'b.json'], { kind: 'runs', files: ['a.run', 'b.json'] }, {}],
    [['--history', 'runs'], { kind: 'history', folder: 'runs' }, { history: 'runs' }],
  ])('%j', (words, task, options) => {
    expect(parseCommandLine(['compare', ...words], {})).toEqual({
      command: 'compare',
      task,
      options: { ...DEFAULTS, ...options },
    })
  })

  test.each([
    [[], /compare needs saved runs/],
    [['a'], /nothing to compare a with; give two runs or more, or --history/],
    [Array.from({ length: 27 }, (_, index) => `r${index}`), /received 27 runs; give at most 26/],
    [['a', 'b', '--pairs', 'p'], /^a b and --pairs p exclude each other/],
    [['--history', 'h', '--pairs', 'p'], /^--pairs p and --history h exclude each other/],
    [['a', 'b', '--map', 'direct=x'], /--map is for --pairs FILE/],
    [['a', 'b', '--rounds', '5'], /--rounds 5 is for --pairs FILE/],
    [['--pairs', 'p', '--fail-on-regression', '5'], /--fail-on-regression is for saved runs/],
    [['--pairs', 'p', '--allow-different', 'model'], /--allow-different model is for saved runs/],
    [['--pairs', 'p', '--format', 'csv'], /--format csv is for saved runs/],
    [['--history', 'h', '--fail-on-regression', '5'], /compare OLD NEW/],
    [['a', 'b', '--metrics', 'p51'], /--metrics.*"p51", which is none of mean, p50/],
    [['a', 'b', '--metrics', 'p50,p50'], /names p50 twice/],
    [['a', 'b', '--allow-different', 'colour'], /none of model, corpus/],
    [['a', 'b', '--fail-on-regression', 'x'], /not a percentage; write it as 5 or 5%/],
  ])('%j is refused', (words, problem) => {
    expect(() => parseCommandLine(['compare', ...words], {})).toThrow(problem)
  })
})

test.each([
  ['5', 0.05],
  ['5%', 0.05],
  ['0', 0],
  ['2.5%', 0.025],
])('--fail-on-regression %s', (text, share) => {
  const { kind: percent } = COMPARE_OPTIONS.failOnRegression
  expect(percent.read(text)).toEqual({ value: share })
  expect(percent.read(percent.print(share))).toEqual({ value: share })
})
