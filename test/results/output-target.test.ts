import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { checkWritable, writeJsonFile } from '../../src/results/output-target.ts'

const folder = mkdtempSync(join(tmpdir(), 'llmtrace-bench-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('checkWritable', () => {
  test('leaves an existing file as it is, and nothing else', async () => {
    const path = join(folder, 'old.json')
    writeFileSync(path, 'old')
    await checkWritable('--output-json', path)
    expect(readFileSync(path, 'utf8')).toBe('old')
    expect(readdirSync(folder)).toEqual(['old.json'])
  })

  test.each([
    [
      'a missing folder',
      join(folder, 'none', 'x.json'),
      /--output-json .*none.* does not exist; create it/,
    ],
    ['a directory', folder, /is a directory; give the path of a file/],
    [
      'a place where nobody may write',
      '/proc/x.json',
      /--output-json \/proc\/x\.json cannot be written \(E[A-Z]+\); choose another/,
    ],
  ])('refuses %s, naming flag, path and way out', async (_, path, message) => {
    await expect(checkWritable('--output-json', path)).rejects.toThrow(message)
  })
})

describe('writeJsonFile', () => {
  test('writes what JSON.parse reads back, with long arrays', async () => {
    const path = join(folder, 'new.json')
    const value = {
      a: Array.from({ length: 25_001 }, (_, index) => index / 8),
      b: [],
      c: {},
      d: [{ e: null }],
      f: 'é"\n',
      g: undefined,
    }
    await writeJsonFile(path, value)
    const { g: _absent, ...rest } = value
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(rest)
  })

  test('a failed write keeps the old file and leaves no litter', async () => {
    const path = join(folder, 'kept.json')
    writeFileSync(path, 'old')
    const before = readdirSync(folder)
    await expect(
      writeJsonFile(path, {
        get boom() {
          throw new Error('full')
        },
      }),
    ).rejects.toThrow('full')
    expect(readFileSync(path, 'utf8')).toBe('old')
    expect(readdirSync(folder)).toEqual(before)
  })

  test('a full disk is an error, not silence', async () => {
    // /dev/full exists on Linux only; writing beside it needs a device folder that takes files.
    await expect(writeJsonFile('/proc/self/full.json', {})).rejects.toThrow(/E[A-Z]+/)
  })
})
