import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LineSplitter } from '../../src/datasets/lines.ts'
import { NOT_JSON, readRows, type RowBytes } from '../../src/datasets/read-rows.ts'
import { SeenIndex } from '../../src/datasets/seen-index.ts'
import { scratchFolder } from '../helpers/scratch-folder.ts'

const scratch = scratchFolder()

async function rowsOf(content: string | Uint8Array) {
  const rows: { value: unknown; row: number; bytes: RowBytes | undefined }[] = []
  const path = scratch.write('rows', content)
  await readRows(path, 'the file', (value, row, bytes) => rows.push({ value, row, bytes }))
  return rows
}

describe('LineSplitter', () => {
  test('gives the lines and their offsets, however the bytes are cut', () => {
    const line = fc.stringMatching(/^[a-zß中]{0,12}$/)
    fc.assert(
      fc.property(fc.array(line), fc.array(fc.nat(9)), fc.boolean(), (lines, cuts, ended) => {
        const bytes = Buffer.from(lines.join('\n') + (ended ? '\n' : ''))
        const seen: string[] = []
        const splitter = new LineSplitter((buffer, start, end, offset) => {
          const text = buffer.toString('utf8', start, end)
          expect(bytes.toString('utf8', offset, offset + end - start)).toBe(text)
          seen.push(text)
        }, 0)
        let at = 0
        for (const cut of cuts) {
          // The splitter may not keep a view into a buffer that is read into again.
          const chunk = Buffer.from(bytes.subarray(at, at + cut))
          splitter.feed(chunk)
          chunk.fill(0)
          at += cut
        }
        splitter.feed(bytes.subarray(at))
        splitter.finish()
        const wanted = bytes.toString('utf8').split('\n')
        // What follows the last end of a line is a line only if it holds something.
        expect(seen).toEqual(wanted.at(-1) === '' ? wanted.slice(0, -1) : wanted)
      }),
    )
  })
})

describe('readRows', () => {
  const values = [{ a: 1 }, { b: 'ß' }, 'three']

  test('reads a JSON array, JSONL, blank lines and a byte order mark alike', async () => {
    const array = JSON.stringify(values)
    const jsonl = values.map((value) => JSON.stringify(value)).join('\r\n\r\n  \n')
    for (const content of [array, `\uFEFF${array}`, `\n ${array}`, jsonl, `\uFEFF${jsonl}\n`]) {
      const rows = await rowsOf(content)
      expect(rows.map(({ value, row }) => [row, value])).toEqual(
        values.map((value, index) => [index + 1, value]),
      )
    }
  })

  test('says where rows of JSONL lie, also behind a byte order mark', async () => {
    const content = Buffer.from('\uFEFF{"a":"ß"}\n\n{"b":2}')
    const rows = await rowsOf(content)
    const again = rows.map(({ bytes = { offset: 0, length: 0 } }) =>
      content.toString('utf8', bytes.offset, bytes.offset + bytes.length),
    )
    expect(again).toEqual(['{"a":"ß"}', '{"b":2}'])
  })

  test('reads lines longer than a chunk and files of many chunks', async () => {
    const long = Array.from({ length: 40 }, (_, index) => 'x'.repeat(index * 2000))
    const rows = await rowsOf(long.map((text) => JSON.stringify(text)).join('\n'))
    expect(rows.map(({ value }) => value)).toEqual(long)
    const one = 'y'.repeat(900_000)
    expect((await rowsOf(`${JSON.stringify(one)}\n1`))[0]?.value).toBe(one)
  })

  test('a line that is not JSON is a row of its own', async () => {
    const rows = await rowsOf('{"a":1}\n{broken\n{"b":2}')
    expect(rows.map(({ value }) => value)).toEqual([{ a: 1 }, NOT_JSON, { b: 2 }])
  })

  test.each([
    ['[{"a":1}', /the file is neither a JSON array nor JSONL; give objects/],
    ['{\n "a": 1\n}', /the file is neither/],
    [Buffer.from('\uFEFFx', 'utf16le'), /the file is UTF-16; save it as UTF-8/],
  ])('refuses %j', async (content, message) => {
    await expect(rowsOf(content)).rejects.toThrow(message)
  })

  test('a missing file and a folder cannot be read', async () => {
    const read = (path: string) => readRows(path, 'the file', () => {})
    await expect(read('/no/such/file')).rejects.toThrow('the file cannot be read (ENOENT)')
    await expect(read(scratch.path)).rejects.toThrow('the file cannot be read (EISDIR)')
  })
})

test('SeenIndex tells a text seen before, with its row, as a map would', () => {
  const index = new SeenIndex()
  const map = new Map<string, number>()
  const wrong: number[] = []
  for (let row = 1; row <= 50_000; row += 1) {
    // Every text twice, near each other in spelling.
    const text = `row-${(row * 7919) % 25_000}`
    if (index.note(text, row) !== map.get(text)) wrong.push(row)
    if (!map.has(text)) map.set(text, row)
  }
  expect([wrong, map.size]).toEqual([[], 25_000])
})
