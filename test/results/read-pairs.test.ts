import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UsageError } from '../../src/model/usage-error.ts'
import type { ColumnChoice } from '../../src/results/pair-columns.ts'
import { parsePairs, readPairs } from '../../src/results/read-pairs.ts'

const read = (content: string, choice: Partial<ColumnChoice> = {}) =>
  parsePairs('p', content, { map: {}, unit: 'ms', ...choice })

function problemOf(content: string, choice: Partial<ColumnChoice> = {}): string {
  try {
    read(content, choice)
  } catch (error) {
    if (error instanceof UsageError) return error.message
    throw error
  }
  throw new Error(`no error for ${content}`)
}

const THREE = {
  pairs: {
    baseline: Float64Array.of(10, 11.5, 12),
    candidate: Float64Array.of(15, 16, 17.25),
    rows: Uint32Array.of(1, 2, 3),
    leftOut: 0,
  },
}

describe('the same three pairs', () => {
  test.each([
    ['CSV', 'direct,proxy\n10,15\n11.5,16\n12,17.25\n'],
    [
      'CSV with a mark, CRLF, quotes and blank lines',
      '\uFEFF"direct","proxy"\r\n10,15\r\n\r\n"11.5", 16\r\n12,17.25',
    ],
    [
      'CSV with other columns',
      'id,direct_ms,note,proxy_ms\na,10,"x, y",15\nb,11.5,,16\nc,12,"""",17.25\n',
    ],
    ['TSV', 'proxy_latency_ms\tdirect_latency_ms\n15\t10\n16\t11.5\n17.25\t12\n'],
    ['semicolons', 'Direct;Proxy\n10;15\n11.5;16\n12;17.25\n'],
    ['JSON', '[{"direct":10,"proxy":15},{"direct":11.5,"proxy":16},{"direct":12,"proxy":17.25}]'],
    [
      'JSON within an object, numbers as texts',
      ' {"run": "a", "pairs": [{"direct":"10","proxy":"15"},{"direct":1.15e1,"proxy":16},{"direct":12,"proxy":17.25}]}',
    ],
  ])('from %s', (_, content) => {
    expect(read(content)).toMatchObject(THREE)
  })

  test('from other columns and nested ones', () => {
    const csv = 'base.line,"c,d"\n10,15\n11.5,16\n12,17.25\n'
    expect(read(csv, { map: { direct: 'base.line', proxy: 'c,d' } })).toMatchObject(THREE)
    const nested = JSON.stringify(
      [
        [10, 15],
        [11.5, 16],
        [12, 17.25],
      ].map(([one, other]) => ({ direct: { latency_ms: one }, proxy: { 'a.b': { ms: other } } })),
    )
    const map = { direct: 'direct.latency_ms', proxy: 'proxy.a.b.ms' }
    expect(problemOf(nested, { map })).toContain('has nothing under proxy.a.b.ms')
    const flat = nested.replaceAll('a.b', 'ab')
    expect(read(flat, { map: { ...map, proxy: 'proxy.ab.ms' } })).toMatchObject({
      ...THREE,
      columns: { direct: 'direct.latency_ms', proxy: 'proxy.ab.ms' },
    })
  })

  test('in another unit', () => {
    const { pairs } = read('direct_s,proxy_s\n0.01,0.015\n', { unit: 's' })
    expect([pairs.baseline[0], pairs.candidate[0]]).toEqual([10, 15])
    expect(read('direct,proxy\n2500,3000\n', { unit: 'us' }).pairs.baseline[0]).toBe(2.5)
  })
})

test('rows with an empty side are left out and counted, and the others keep their numbers', () => {
  const csv = 'direct,proxy\n10,15\n,16\n12,\n13,NaN\nNA,null\n14,19\n'
  const { pairs } = read(csv)
  expect([...pairs.rows]).toEqual([1, 6])
  expect(pairs.leftOut).toBe(4)
  const json = '[{"direct":10},{"direct":1,"proxy":null},{"proxy":3,"direct":2}]'
  expect(read(json).pairs).toMatchObject({ leftOut: 2, rows: Uint32Array.of(3) })
})

describe('what cannot be used is named, with the way out', () => {
  test.each([
    ['', /^--pairs p is empty; give a CSV file with a header, or JSON$/],
    ['direct,proxy\n', /holds no rows/],
    ['[]', /holds no rows/],
    ['10,15\n11,16\n', /has no header, its first line is "10,15"; put one before it/],
    ['direct,direct,proxy\n1,2,3\n', /has two columns "direct"; rename one/],
    [
      'direct,proxy\n1,2\n1,fast\n',
      /1 of 2 rows .*leave a failed side empty.*\n {2}row 2 \(line 3\) has "fast" under proxy, which is not a number$/,
    ],
    [
      'direct,proxy\n\n1,2\n\n-1,2\n',
      /row 2 \(line 5\) has -1 under direct, and no latency is below 0/,
    ],
    ['direct,proxy\n1,2\n1\n', /row 2 \(line 3\) has 1 cell, and the header 2/],
    ['direct,proxy\n1,2,3\n', /row 1 \(line 2\) has 3 cells, and the header 2/],
    ['direct;proxy\n1,5;2,5\n', /row 1 \(line 2\) has "1,5" under direct/],
    ['direct,proxy\n1,"2\n', /is not CSV: Quote Not Closed.*line 2.*; check the quotes/],
    ['direct,proxy\n1e999,2\n', /has "1e999" under direct/],
    ['direct,proxy\n0x10,2\n', /has "0x10" under direct/],
    ['direct,proxy\n,2\n', /holds no pair: each of its 1 rows lacks direct or proxy/],
    [
      'before,after\n1,2\n',
      /has no column direct, direct_ms, direct_latency, direct_latency_ms; name it with --map direct=COLUMN.*its columns are before, after/,
    ],
    ['direct_s,proxy_s\n1,2\n', /has no column direct, direct_ms.*--unit/],
    [
      'direct,direct_ms,proxy\n1,2,3\n',
      /has several columns for direct \(direct, direct_ms\); choose one with --map direct=/,
    ],
    ['[{"direct":1,"proxy":2}', /is not valid JSON \(.*\); give an array of objects/],
    ['{"a":1}', /holds no array; give an array/],
    ['{"a":[],"b":[]}', /holds 2 arrays \(a, b\); give a file with one of them/],
    [
      '[{"direct":1,"proxy":2},[1,2],null]',
      /2 of 3 rows.*\n {2}row 2 is an array, not an object\n {2}row 3 is null, not an object/,
    ],
    [
      '[{"direct":{"id":1,"latency_ms":2},"proxy":3}]',
      /row 1 has an object under direct; name the number in it, such as --map direct=direct\.latency_ms/,
    ],
    ['[{"direct":true,"proxy":3}]', /row 1 has true under direct, which is not a number/],
  ])('%j', (content, message) => {
    expect(problemOf(content)).toMatch(message)
  })

  test('a column of the map that is not there', () => {
    expect(problemOf('a,b\n1,2\n', { map: { direct: 'a', proxy: 'x' } })).toMatch(
      /has nothing under x, which --map names; its columns are a, b/,
    )
    expect(problemOf('a,b\n1,2\n', { map: { direct: 'a', proxy: 'a' } })).toMatch(
      /has a for both sides/,
    )
  })

  test('the first ten bad rows are shown', () => {
    const message = problemOf(`direct,proxy\n${'x,1\n'.repeat(12)}`)
    expect(message.split('\n')).toHaveLength(12)
    expect(message).toMatch(/12 of 12 rows[\s\S]*row 10 \(line 11\).*\n {2}and 2 more$/)
  })

  test('a file that is not there', async () => {
    await expect(readPairs('/nowhere/p.csv', { map: {}, unit: 'ms' })).rejects.toThrow(
      '--pairs /nowhere/p.csv cannot be read (ENOENT); check the path',
    )
  })
})

test('any latencies survive CSV and JSON alike', () => {
  const latency = fc.double({ min: 0, max: 1e7, noNaN: true, noDefaultInfinity: true })
  fc.assert(
    fc.property(fc.array(fc.tuple(latency, latency), { minLength: 1, maxLength: 30 }), (values) => {
      const rows = values.map(([direct, proxy]) => ({
        direct: Math.abs(direct),
        proxy: Math.abs(proxy),
      }))
      const csv = `direct,proxy\n${rows.map(({ direct, proxy }) => `${direct},${proxy}`).join('\n')}\n`
      const fromCsv = read(csv).pairs
      expect(fromCsv).toEqual(read(JSON.stringify(rows)).pairs)
      expect([...fromCsv.baseline]).toEqual(rows.map(({ direct }) => direct))
    }),
  )
})

test('no text makes the reader fail other than with wrong usage', () => {
  const letters = Array.from('direct,proxy\n"[{:}]1.;\t ')
  const outcome = (text: string) => {
    try {
      return read(text).pairs.rows.length > 0 ? 'pairs' : 'nothing'
    } catch (error) {
      return error instanceof UsageError ? 'told' : error
    }
  }
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...letters) }), (text) => {
      expect(['pairs', 'told']).toContain(outcome(text))
    }),
    { numRuns: 500 },
  )
})
